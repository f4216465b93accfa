"""The program: `uvicorn bench.plain.app:app`, with PLAIN_DATABASE_URL."""

from fastapi import FastAPI

from bench.plain import orders
from bench.plain.errors import add_handlers

app = FastAPI(title="Orders")
app.include_router(orders.router)
add_handlers(app)
