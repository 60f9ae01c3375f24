import random
import unittest

from live_remote_script import osc

VALUES = [
    (0, "i"),
    (-(2**31), "i"),
    (2**31, "h"),
    (-(2**63), "h"),
    (0.1, "d"),
    (1e300, "d"),
    ("", "s"),
    ("abc", "s"),
    ("abcd", "s"),
    ("Jörg 🥁", "s"),
    (b"", "b"),
    (b"\x00\x01\x02\x03\x04", "b"),
    (True, "T"),
    (False, "F"),
    (None, "N"),
]


class OscTest(unittest.TestCase):
    def test_every_type_comes_back_as_it_was(self):
        for value, letter in VALUES:
            packet = osc.encode("/a", (value,))
            self.assertIn(b"," + letter.encode(), packet)
            (message,) = osc.decode(packet)
            self.assertEqual(message, ("/a", (value,)))
            self.assertIs(type(message.arguments[0]), type(value))

    def test_many_values_of_random_kinds_come_back(self):
        chance = random.Random(7)
        for _ in range(500):
            values = tuple(chance.choice(VALUES)[0] for _ in range(chance.randrange(12)))
            self.assertEqual(osc.decode(osc.encode("/jacquees/x", values)), [("/jacquees/x", values)])

    def test_types_can_be_told(self):
        (message,) = osc.decode(osc.encode("/a", (1, 0.5, 7), "hfd"))
        self.assertEqual(message.arguments, (1, 0.5, 7.0))
        self.assertEqual(len(osc.encode("/a", (0.5,), "f")), 12)

    def test_what_cannot_be_written_is_refused(self):
        for values, types in [
            ((2**63,), None),
            ((object(),), None),
            (("a\x00",), None),
            ((1.5,), "i"),
            (("a",), "d"),
            ((1,), "T"),
            ((1,), "x"),
            ((1,), "ii"),
            ((1e300,), "f"),
            (("\ud800",), None),
        ]:
            with self.assertRaises(osc.OscError, msg=repr((values, types))):
                osc.encode("/a", values, types)
        with self.assertRaises(osc.OscError):
            osc.encode("a")

    def test_bundles_give_their_messages_in_order(self):
        def bundle(*packets):
            head = b"#bundle\x00" + b"\x00" * 7 + b"\x01"
            return head + b"".join(len(packet).to_bytes(4, "big") + packet for packet in packets)

        one, two, three = (osc.encode("/" + name, (name,)) for name in "abc")
        found = osc.decode(bundle(one, bundle(two), three))
        self.assertEqual([message.address for message in found], ["/a", "/b", "/c"])
        self.assertEqual(osc.decode(bundle()), [])
        nested = one
        for _ in range(osc.MOST_NESTED_BUNDLES + 1):
            nested = bundle(nested)
        with self.assertRaises(osc.OscError):
            osc.decode(nested)

    def test_malformed_packets_are_refused(self):
        good = osc.encode("/ab", (1, "abc", b"abc"))
        for bad in [
            b"",
            b"/ab",
            b"/ab\x00",
            b"ab\x00\x00,\x00\x00\x00",
            b"/ab\x00i\x00\x00\x00",
            good[:-4],
            good + b"\x00" * 4,
            b"/ab\x00,z\x00\x00",
            b"/ab\x00,s\x00\x00abcd",
            b"/ab\x00,s\x00\x00a\x00b\x00",
            b"/ab\x00,b\x00\x00\xff\xff\xff\xff",
            b"/\xff\x00\x00,\x00\x00\x00",
            b"#bundle\x00",
            b"#bundle\x00" + b"\x00" * 8 + b"\x00\x00\x00\x08",
        ]:
            with self.assertRaises(osc.OscError, msg=repr(bad)):
                osc.decode(bad)

    def test_random_bytes_are_read_or_refused(self):
        chance = random.Random(11)
        start = [b"", b"/a\x00\x00", b"/a\x00\x00,ibs", b"#bundle\x00"]
        for _ in range(20000):
            packet = chance.choice(start) + bytes(chance.getrandbits(8) for _ in range(chance.randrange(40)))
            try:
                for message in osc.decode(packet):
                    self.assertTrue(message.address.startswith("/"))
            except osc.OscError:
                pass

    def test_one_changed_byte_is_read_or_refused(self):
        good = osc.encode("/jacquees_script/create", (1, "path", 0.25, b"abc", True))
        for at in range(len(good)):
            for byte in (0, 1, 0x2C, 0x7F, 0xFF):
                try:
                    osc.decode(good[:at] + bytes([byte]) + good[at + 1 :])
                except osc.OscError:
                    pass
