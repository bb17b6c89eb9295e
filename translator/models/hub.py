"""Models on the Hugging Face hub, or on what speaks its protocol at `HF_ENDPOINT`.

All traffic goes through `huggingface_hub`, so its settings count: HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_OFFLINE and the
proxies. What its cache has already is not brought again.
"""

import logging
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, ModelCardData, hf_hub_download, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from huggingface_hub.repocard import metadata_load
from huggingface_hub.utils.tqdm import disable_progress_bars

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from translator.models.checksums import git_sha1, sha256
from translator.models.folder import Origin
from translator.models.forms import recognise
from translator.models.hub_errors import hub_errors
from translator.models.routes import Pair
from translator.models.sources import Resolved, clean_name, endpoint

# opus-mt-de-en, opus-mt-tc-big-de-en, wmt19-de-en, opus-mt-de-en-ct2
_NAMED_PAIR = re.compile(r"[-_]([a-z]{2})[-_]([a-z]{2})(?=$|[-_.](?:ct2|ctranslate2|int8|float16))", re.IGNORECASE)


@dataclass(frozen=True)
class _File:
    name: str
    size: int
    git: str | None
    sha256: str | None


class HubSource:
    """A repository with a model."""

    def __init__(self, repository: str, revision: str | None) -> None:
        """`revision`: a branch, a tag or a commit; without one, the newest commit."""
        self._repository = repository
        self._revision = revision
        self._commit = ""
        self._files: list[_File] = []
        self._cached: Path | None = None

    def resolve(self) -> Resolved:
        """Ask the hub for the commit, its files and its licence; offline, look what is in its cache."""
        if is_offline():
            card = self._look_into_cache()
        else:
            with hub_errors(self._repository, self._revision):
                info = _api().model_info(self._repository, revision=self._revision, files_metadata=True)
            self._commit = info.sha or ""
            self._files = [
                _File(one.rfilename, one.size or 0, one.blob_id, one.lfs.sha256 if one.lfs else None)
                for one in info.siblings or []
            ]
            card = info.card_data
        found = recognise([file.name for file in self._files], f"{self._repository} on {endpoint()}")
        wanted = set(found.names)
        self._files = [file for file in self._files if file.name in wanted]
        return Resolved(
            name=clean_name(self._repository.rpartition("/")[2]),
            revision=self._commit[:12],
            origin=Origin(
                source=f"hf:{self._repository}",
                revision=self._commit,
                licence=_licence(card),
                url=f"{endpoint()}/{self._repository}/tree/{self._commit}",
            ),
            size=sum(file.size for file in self._files),
            pairs=_pairs(self._repository),
        )

    def fetch(self, into: Path) -> None:
        """Bring the files of the commit; those that are there already, whole or in part, are not brought again."""
        disable_progress_bars()
        for file in self._files:
            self._fetch(file, into)

    def _fetch(self, file: _File, into: Path) -> None:
        if self._cached is not None:
            (into / file.name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._cached / file.name, into / file.name)
            return
        with hub_errors(self._repository, self._revision):
            path = Path(
                hf_hub_download(self._repository, file.name, revision=self._commit, local_dir=into, endpoint=endpoint())
            )
        found, wanted = (sha256(path), file.sha256) if file.sha256 else (git_sha1(path), file.git)
        if wanted is not None and found != wanted:
            path.unlink()
            raise SetupError(
                f"{file.name} of {self._repository} is not what the hub says it is (checksum {found}, not {wanted});"
                " it was removed: pull again, and if it stays so, ask who runs the hub or the proxy before it"
            )

    def _look_into_cache(self) -> Any:
        try:
            folder = Path(snapshot_download(self._repository, revision=self._revision, local_files_only=True))
        except LocalEntryNotFoundError:
            raise SetupError(
                f"HF_HUB_OFFLINE is set, and {self._repository}{f'@{self._revision}' if self._revision else ''} is not in"
                f" the hub's cache here; {bring(f'hf:{self._repository}')}"
            ) from None
        self._cached = folder
        self._commit = folder.name
        files = [path for path in folder.rglob("*") if path.is_file()]
        self._files = [_File(path.relative_to(folder).as_posix(), path.stat().st_size, None, None) for path in files]
        card = folder / "README.md"
        return ModelCardData(**(metadata_load(card) or {})) if card.exists() else None


def is_offline() -> bool:
    """Whether HF_HUB_OFFLINE asks for no connection."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def bring(spec: str) -> str:
    """Say how a model gets to a machine that cannot reach its source."""
    return (
        f"where there is a network, run 'satzstrom models pull {spec}' and copy the folder that it names into the"
        " folder of models here"
    )


def search(words: str, limit: int) -> list[Any]:
    """Return translation models on the hub whose names have these words, those that are fetched most first."""
    if is_offline():
        raise SetupError("HF_HUB_OFFLINE is set: the hub cannot be searched")
    with hub_errors(words, None):
        return list(
            _api().list_models(search=words, pipeline_tag="translation", sort="downloads", limit=limit, cardData=True)
        )


def _api() -> HfApi:
    # What it would say beside the answer (no token, a newer version) is no business of who pulls.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    return HfApi(endpoint=endpoint(), library_name="satzstrom")


def _licence(card: Any) -> str | None:
    licence = getattr(card, "license", None)
    named = getattr(card, "license_name", None)
    return str(named if licence == "other" and named else licence) if licence else None


def _pairs(repository: str) -> tuple[Pair, ...]:
    """Return the pair of languages that the name of a repository ends with.

    Cards name languages too, but not which of them is the source: a wrong guess would be nonsense in every sentence.
    """
    match = _NAMED_PAIR.search(repository.rpartition("/")[2])
    try:
        return ((languages.check(match[1]), languages.check(match[2])),) if match else ()
    except LanguageError:
        return ()
