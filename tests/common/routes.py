from tests.support.routes import Route

ROUTES = [Route("live", "public"), Route("ready", "public")]
