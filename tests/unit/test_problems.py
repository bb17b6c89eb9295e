"""What senders are told of errors, and what they are not."""

import httpx
from fastapi import FastAPI

from api import problems
from api.shelter import Shelter
from pipeline.errors import InputError, UnavailableError


async def ask(error: Exception) -> httpx.Response:
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise error

    problems.install(app)
    app.add_middleware(Shelter)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        return await http.get("/")


async def test_where_servers_are_and_what_they_say_is_the_business_of_those_who_run_them() -> None:
    answer = await ask(UnavailableError("MongoDB", "mongo-7.internal:27017", "10.0.0.7: connection refused"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["detail"] == "MongoDB does not answer"
    assert "refuses the work" in (await ask(UnavailableError("Kafka", "k:9092", "no", answers=True))).text


async def test_what_is_wrong_with_input_is_told_as_it_is() -> None:
    answer = await ask(InputError("the text is empty; send one"))
    assert (answer.status_code, answer.json()["detail"]) == (422, "the text is empty; send one")


async def test_no_cache_keeps_an_answer_and_no_browser_guesses_what_it_is() -> None:
    answer = await ask(InputError("no"))
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
