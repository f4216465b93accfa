"""Errors in the envelope of the Market."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


class ApiError(Exception):
    """A refusal with its status and code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message


def add_handlers(app: FastAPI) -> None:
    """Answer refusals and invalid requests in the envelope."""

    @app.exception_handler(ApiError)
    async def refused(_: Request, error: ApiError) -> JSONResponse:
        return _envelope(error.status, [(error.code, error.message)])

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return _envelope(400, [("BAD_REQUEST", f"{fault['loc']}: {fault['msg']}") for fault in error.errors()])


def _envelope(status: int, errors: list[tuple[str, str]]) -> JSONResponse:
    entries = [{"code": code, "message": message} for code, message in errors]
    return JSONResponse({"status": "ERROR", "errors": entries}, status_code=status)
