"""A report of a handler's check as JUnit's XML, which every CI can show."""

from xml.etree.ElementTree import Element, SubElement, tostring

from korob.notifications.handler_check import Grade, Report


def document(report: Report) -> bytes:
    """The report: what is bad has failed; what is poor has passed, with a word about it."""
    suite = Element(
        "testsuite",
        name="korob check-handler",
        tests=str(len(report.findings)),
        failures=str(report.count[Grade.BAD]),
        errors="0",
        skipped="0",
        time=f"{sum(one.seconds for one in report.findings):.3f}",
    )
    for one in report.findings:
        case = SubElement(suite, "testcase", classname=report.url, name=one.case, time=f"{one.seconds:.3f}")
        if one.grade is Grade.BAD:
            SubElement(case, "failure", message=_clean(one.said))
        elif one.grade is Grade.POOR:
            SubElement(case, "system-out").text = f"{one.grade}: {_clean(one.said)}"
    text: str = tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _clean(text: str) -> str:
    """XML can't hold most control characters, nor what is no character at all."""
    return "".join(
        character if " " <= character < "\ufffe" or character in "\t\n" or character > "\uffff" else "\ufffd"
        for character in text
    )
