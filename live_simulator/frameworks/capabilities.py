"""What get_capabilities() of a script is made of: Live reads from it which controller the script is for."""

from __future__ import annotations

from typing import Any

CONTROLLER_ID_KEY = "controller_id"
PORTS_KEY = "ports"
TYPE_KEY = "surface_type"
FIRMWARE_KEY = "firmware_version"
AUTO_LOAD_KEY = "auto_load"
VENDORID, PRODUCTIDS, MODEL_NAMES = "vendor_id", "product_ids", "model_names"
DIRECTIONKEY, PORTNAMEKEY, PROPSKEY = "direction", "name", "props"
NOTES_CC, SCRIPT, REMOTE, SYNC, HIDDEN = "midi", "script", "remote", "sync", "hidden"


def controller_id(vendor_id: int, product_ids: Any, model_name: Any) -> dict[str, Any]:
    names = model_name if isinstance(model_name, (list, tuple)) else [model_name]
    return {VENDORID: vendor_id, PRODUCTIDS: list(product_ids), MODEL_NAMES: list(names)}


def inport(port_name: str = "", props: Any = ()) -> dict[str, Any]:
    return _port("in", port_name, props)


def outport(port_name: str = "", props: Any = ()) -> dict[str, Any]:
    return _port("out", port_name, props)


def _port(direction: str, port_name: str, props: Any) -> dict[str, Any]:
    return {DIRECTIONKEY: direction, PORTNAMEKEY: port_name, PROPSKEY: list(props)}
