import unittest

from live_remote_script import bridge, fields, osc, protocol

EXAMPLE = {"int": 1, "float": 20.25, "str": "a b", "bool": True, "bytes": b"abc"}


def example(field, number):
    if field.kind == "float" and field.high is not None:
        return min(field.high, max(field.low, 0.25 + number))
    if field.kind in ("int", "float"):
        return type(EXAMPLE[field.kind])(number + 1)
    return "%s %d" % (field.name, number) if field.kind == "str" else EXAMPLE[field.kind]


class ProtocolTest(unittest.TestCase):
    def test_every_command_has_a_handler_and_no_handler_is_left_over(self):
        self.assertEqual(set(bridge.Bridge(None, None, "").names), set(protocol.BY_NAME))
        self.assertEqual(set(bridge.STEP_HANDLERS), set(protocol.STEP_BY_NAME))

    def test_every_request_and_reply_comes_back_through_osc(self):
        for command in protocol.COMMANDS + protocol.STEPS:
            for part in (command.request, command.reply, command.rows):
                values = [example(field, number) for number, field in enumerate(part)]
                (message,) = osc.decode(osc.encode(command.address, (7,) + tuple(values)))
                self.assertEqual(fields.checked(part, message.arguments[1:]), values)

    def test_wrong_types_numbers_and_ranges_are_refused(self):
        for command in protocol.COMMANDS + protocol.STEPS:
            values = [example(field, number) for number, field in enumerate(command.request)]
            with self.assertRaises(fields.ProtocolError):
                fields.checked(command.request, values + [1])
            for at, field in enumerate(command.request):
                bad = [
                    None,
                    b"" if field.kind != "bytes" else "",
                    [],
                    True if field.kind != "bool" else 1,
                    "1" if field.kind != "str" else 1,
                ]
                bad += [float("nan"), float("inf")]
                bad += [] if field.low is None else [type(field.checked(values[at]))(field.low - 1)]
                bad += [] if field.high is None else [type(field.checked(values[at]))(field.high + 1)]
                for value in bad:
                    with self.assertRaises(fields.ProtocolError, msg=repr((command.name, field.name, value))):
                        fields.checked(command.request, values[:at] + [value] + values[at + 1 :])

    def test_an_int_is_taken_for_a_float(self):
        field = fields.Field("beats", "float", "")
        self.assertIs(type(field.checked(3)), float)

    def test_rows_are_cut_into_lines(self):
        command = protocol.BY_NAME["clips"]
        row = [example(field, number) for number, field in enumerate(command.rows)]
        self.assertEqual(fields.checked_rows(command, [5] + row + row), (5, [row, row]))
        self.assertEqual(fields.checked_rows(command, [-1]), (-1, []))
        for bad in ([], [5] + row[:-1], ["5"] + row, [-2]):
            with self.assertRaises(fields.ProtocolError):
                fields.checked_rows(command, bad)
