"""All messages of the corpus."""

from tests.mail.corpus import Sample, hostile, machines, plain, threads

SAMPLES: list[Sample] = [
    *plain.SAMPLES, *threads.SAMPLES, *machines.SAMPLES, *hostile.SAMPLES
]  # fmt: skip
