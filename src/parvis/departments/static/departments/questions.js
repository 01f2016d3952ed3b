// The list of questions follows the stream of the hall: a wake-up fetches it again.
import { listen } from "../web/live.js";

listen();
