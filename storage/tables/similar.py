"""Keys by which cases about the same thing near the same place are found (비슷한 건의)."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.types import Base


class CaseKeyRow(Base):
    """One of the few keys of a case's sketch (`intents.similar.sketch`), which hold text and district.

    Kept in the order of the keys, with nothing beside them: a new case is looked for by twenty of them.
    """

    __tablename__ = "case_key"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)
