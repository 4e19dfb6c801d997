"""The rows of the table, each in a module of its own."""

from app.bench.measurements.first_paint import FirstPaint
from app.bench.measurements.first_stage import FirstStage
from app.bench.measurements.front_end import FrontEndSpeed
from app.bench.measurements.indexing import Indexing
from app.bench.measurements.query import Query
from app.bench.measurements.recall import Recall
from app.bench.measurements.rescan import Rescan
from app.bench.measurements.size import Size
from app.bench.measurements.start import Start
from app.bench.measurements.transport import Transport
from app.bench.rows import Measurement

MEASUREMENTS: tuple[Measurement, ...] = (
    Indexing(),
    FrontEndSpeed(),
    Rescan(),
    Size(),
    Query(),
    Recall(),
    FirstStage(),
    Start(),
    FirstPaint(),
    Transport(),
)
"""In the order of the table."""
