"""What the room keeps of colleagues is no file of the public; its hashes are of tokens."""

from parvis.common import personal

personal.no_files("accounts.ApiToken", "secret_hash")
