// The page of one's own ticket follows the hall by itself; without script, a link reloads it.
import { listen } from "./live.js";

listen();
