"""File names of the Universal Category System: ``DOORWood_Old Creak_TNIELSEN_CABIN.wav``.

The rule (universalcategorysystem.com, UCS 8): ``CatID_FXName_CreatorID_SourceID``, where a CatID
is two to four capitals for the category and a capitalised short form of the subcategory. It may
go on with ``-UserCategory``, the FX name begin with ``VendorCategory-``, and more parts may
follow. The list of all CatIDs is not needed: a name with the shape of the rule is believed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from tokenalign.metadata.fields import Pair

_CAT_ID = re.compile(r"(?P<category>[A-Z]{2,4})(?P<subcategory>[A-Z][a-z]{1,6})")
FEWEST_PARTS = 4


def ucs_fields(path: Path) -> list[Pair]:
    """What a file's name says, nothing if it does not follow the rule."""
    parts = [part.strip() for part in os.fsdecode(path.stem).split("_")]
    if len(parts) < FEWEST_PARTS or not all(parts[:FEWEST_PARTS]):
        return []
    cat_id, _, user_category = parts[0].partition("-")
    match = _CAT_ID.fullmatch(cat_id)
    if match is None:
        return []
    vendor_category, dash, name = parts[1].partition("-")
    return [
        ("CatID", cat_id),
        ("Category", match["category"]),
        ("Subcategory", match["subcategory"]),
        ("User category", user_category),
        ("Vendor category", vendor_category if dash else ""),
        ("FX name", name if dash else parts[1]),
        ("Creator", parts[2]),
        ("Source", parts[3]),
    ]
