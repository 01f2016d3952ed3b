from tests.support.routes import Route, only

STAFF = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "HR", "DIR", "ELU", "AUD", "MOD", "FED",
    "ADM", "DPO",
)  # fmt: skip

ROUTES = [Route("feedback:thanks", STAFF), Route("feedback:thanks-export", STAFF)]
