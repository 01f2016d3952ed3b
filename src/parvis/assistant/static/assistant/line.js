// The list of who waits follows the stream of the line: a wake-up fetches it again.
import { listen } from "../web/live.js";

listen();
