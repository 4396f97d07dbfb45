"""The comparison of the smoke test can fail: every single kind of damage to a list or to the entries is found."""

import dataclasses
import hashlib
import random
import tempfile
import unittest
from pathlib import Path

from compare import compare
from sent import Sent, read_list


def request(number: int, **changes) -> Sent:
    body = f"item {number}"
    plain = Sent("GET", f"/items/{number}", 200, hashlib.sha256(body.encode()).hexdigest(), len(body), "agent", 0, "")
    return dataclasses.replace(plain, **changes)


def entry(sent: Sent, **changes) -> dict:
    return {"method": sent.method, "path": sent.path, "status_code": sent.status, "user_agent": sent.user_agent,
            "response_body": sent.path.replace("/items/", "item "), "response_body_size": sent.body_size,
            "request_body_size": sent.request_size, "is_error": sent.status >= 400, "error_type": sent.error_type,
            **changes}


SERVICE = "httplib_service"
START = {"kind": "infra", "source_name": SERVICE}


class CompareTest(unittest.TestCase):
    def setUp(self):
        self.sent = [request(number) for number in range(20)]
        self.entries = [entry(sent) for sent in self.sent] + [dict(START)]
        random.Random(1).shuffle(self.entries)

    def faults(self) -> int:
        return len(compare(self.sent, self.entries, SERVICE).faults)

    def test_equal_lists_in_any_order_have_no_fault(self):
        result = compare(self.sent, self.entries, SERVICE)
        self.assertTrue(result.ok)
        self.assertEqual(result.checked["found"], 20)
        self.assertEqual(result.checked["hash of response_body"], 20)

    def test_a_lost_entry_is_found(self):
        del self.entries[3]
        self.assertEqual(self.faults(), 1)

    def test_an_entry_that_came_twice_is_found(self):
        self.entries.append(dict(self.entries[3]))
        self.assertEqual(self.faults(), 1)

    def test_a_start_that_was_not_told_or_told_twice_or_by_another_is_found(self):
        starts = [entry for entry in self.entries if entry.get("kind") == "infra"]
        for found in [], [*starts, *starts], [{**START, "source_name": "other"}]:
            with self.subTest(found=len(found)):
                self.entries = [entry for entry in self.entries if "kind" not in entry] + found
                self.assertEqual(self.faults(), 1)

    def test_an_entry_of_a_request_that_nobody_sent_is_found(self):
        del self.sent[3]
        self.assertEqual(self.faults(), 1)

    def test_every_altered_field_is_found(self):
        for name, value in {"status_code": 500, "user_agent": "other", "response_body_size": 1, "request_body_size": 1,
                            "is_error": True, "error_type": "panic", "response_body": "something else"}.items():
            with self.subTest(field=name):
                self.setUp()
                self.entries[5][name] = value
                self.assertEqual(self.faults(), 1)

    def test_a_number_in_place_of_a_boolean_is_found(self):
        self.entries[5]["is_error"] = 0
        self.assertEqual(self.faults(), 1)

    def test_two_empty_lists_do_not_pass(self):
        self.assertFalse(compare([], [], SERVICE).ok)

    def test_a_torn_line_of_a_list_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list.tsv"
            path.write_text("\t".join(map(str, dataclasses.astuple(self.sent[0]))) + "\n")
            self.assertEqual(read_list(path), self.sent[:1])
            path.write_text("GET\t/items/0\t200\n")
            with self.assertRaises(ValueError):
                read_list(path)


if __name__ == "__main__":
    unittest.main()
