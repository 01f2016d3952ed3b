"""Call-next as most would first write it in Django: the peer that ``bench.call_next`` measures."""
