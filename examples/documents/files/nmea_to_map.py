"""Replay of a recorded trip: water temperature from an NMEA 0183 log, one reading a minute."""

TRIP = """\
$YXMTW,11.2,C*13
$YXMTW,11.4,C*15
$YXMTW,11.3,C*12
"""


def readings(log: str) -> list[float]:
    """Temperatures in degrees Celsius, in the order they were sailed through."""
    return [float(line.split(",")[1]) for line in log.splitlines() if line.startswith("$YXMTW")]


assert readings(TRIP) == [11.2, 11.4, 11.3]
