"""Two people correct one case at one instant: what the first wrote stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.integration.intake import cast
from tests.support.services import InProcess

_FIELDS = ("birth_place", "address", "religion", "occupation")


def test_corrections_of_one_person_at_one_instant_are_all_kept(intake: InProcess) -> None:
    for _ in range(5):
        case = cast.opened(intake)

        def correct(field: str, case_id: str = case["id"]) -> int:
            sent = {"applicant": {field: f"Isi {field}"}}
            found = intake.call("PATCH", cast.path(case_id), "officer", who=cast.YANTI, json=sent)
            return int(found.status_code)

        with ThreadPoolExecutor(len(_FIELDS)) as pool:
            assert list(pool.map(correct, _FIELDS)) == [200] * len(_FIELDS)
        shown = cast.show(intake, case["id"])["applicant"]
        assert {field: shown[field] for field in _FIELDS} == {field: f"Isi {field}" for field in _FIELDS}
