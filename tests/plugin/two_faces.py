"""What rule 8.4 excepts when the two faces print one report: what only one of them sees."""

FILE_WARNINGS = ("could not be read to its end", "the capturing program dropped",
                 "was captured with the filter")
FILE_FINDINGS = ("capture-truncated",)


def comparable(report, warnings=()):
    """The report less that, and less warnings that hold any of these texts."""
    excepted = FILE_WARNINGS + tuple(warnings)
    return {**report, "tool": None, "inputs": None,
            "findings": [finding for finding in report["findings"]
                         if finding["id"] not in FILE_FINDINGS],
            "warnings": [warning for warning in report["warnings"]
                         if not any(text in warning for text in excepted)]}
