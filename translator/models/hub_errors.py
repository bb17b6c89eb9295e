"""What the errors of a hub mean to the person who pulls."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from pipeline.errors import SetupError, UnavailableError
from translator.models.sources import endpoint


@contextmanager
def hub_errors(repository: str, revision: str | None) -> Iterator[None]:  # noqa: C901 (a branch a kind of error)
    """Turn the library's errors into `SetupError` and `UnavailableError`; those of the disk stay as they are."""
    hub = endpoint()
    try:
        yield
    except GatedRepoError:
        raise SetupError(
            f"{repository} is gated: accept its terms on {hub}/{repository}, make a token on {hub}/settings/tokens,"
            " and set HF_TOKEN to it"
        ) from None
    except RevisionNotFoundError:
        raise SetupError(f"{repository} on {hub} has no revision {revision!r}; leave it out for the newest") from None
    except RepositoryNotFoundError as error:
        if os.environ.get("HF_TOKEN") and error.response.status_code == 401:
            raise SetupError(f"{hub} does not accept the token in HF_TOKEN; make another one there") from None
        raise SetupError(
            f"there is no repository {repository} on {hub}, or it is private: 'satzstrom models search' finds names;"
            " for a private one set HF_TOKEN"
        ) from None
    except (HFValidationError, OfflineModeIsEnabled) as error:
        raise SetupError(f"{repository}: {_first_line(error)}") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            raise SetupError(
                f"{hub} does not let you read {repository} ({status}): set HF_TOKEN to a token that may"
            ) from None
        raise UnavailableError("the model hub", hub, f"status {status}", answers=True) from None
    except LocalEntryNotFoundError as error:
        raise UnavailableError("the model hub", hub, _first_line(error.__cause__ or error)) from None
    except httpx.HTTPError as error:
        raise UnavailableError("the model hub", hub, _first_line(error)) from None
    except OSError as error:
        if error.errno is not None:
            raise
        # What was sent is not as long as was said, or a proxy has taken the headers away.
        raise UnavailableError("the model hub", hub, _first_line(error), answers=True) from None
    except ValueError as error:
        raise UnavailableError("the model hub", hub, f"not an answer of a hub: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
