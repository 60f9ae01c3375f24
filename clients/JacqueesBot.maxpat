{
 "patcher": {
  "appversion": {
   "architecture": "x64",
   "major": 8,
   "minor": 5,
   "modernui": 1,
   "revision": 0
  },
  "boxes": [
   {
    "box": {
     "id": "loaded",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      "bang"
     ],
     "patching_rect": [
      980.0,
      20.0,
      70.0,
      22.0
     ],
     "text": "loadbang"
    }
   },
   {
    "box": {
     "id": "cover",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      20.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      6.0,
      26.0,
      76.0,
      20.0
     ],
     "text": "Cover clip",
     "texton": "Cover clip"
    }
   },
   {
    "box": {
     "id": "send-cover",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      100.0,
      119.0,
      22.0
     ],
     "text": "/jacquees/cover"
    }
   },
   {
    "box": {
     "id": "again",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      180.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      166.0,
      26.0,
      76.0,
      20.0
     ],
     "text": "Again",
     "texton": "Again"
    }
   },
   {
    "box": {
     "id": "send-again",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      180.0,
      100.0,
      119.0,
      22.0
     ],
     "text": "/jacquees/again"
    }
   },
   {
    "box": {
     "id": "variation",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      340.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      246.0,
      26.0,
      76.0,
      20.0
     ],
     "text": "Variation",
     "texton": "Variation"
    }
   },
   {
    "box": {
     "id": "send-variation",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      340.0,
      100.0,
      147.0,
      22.0
     ],
     "text": "/jacquees/variation"
    }
   },
   {
    "box": {
     "id": "stop",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      500.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      6.0,
      50.0,
      76.0,
      20.0
     ],
     "text": "Stop",
     "texton": "Stop"
    }
   },
   {
    "box": {
     "id": "send-stop",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      500.0,
      100.0,
      112.0,
      22.0
     ],
     "text": "/jacquees/stop"
    }
   },
   {
    "box": {
     "id": "keep",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      660.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      86.0,
      50.0,
      76.0,
      20.0
     ],
     "text": "Keep",
     "texton": "Keep"
    }
   },
   {
    "box": {
     "id": "send-keep",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      660.0,
      100.0,
      112.0,
      22.0
     ],
     "text": "/jacquees/keep"
    }
   },
   {
    "box": {
     "id": "undo",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      820.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      166.0,
      50.0,
      76.0,
      20.0
     ],
     "text": "Undo",
     "texton": "Undo"
    }
   },
   {
    "box": {
     "id": "send-undo",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      820.0,
      100.0,
      112.0,
      22.0
     ],
     "text": "/jacquees/undo"
    }
   },
   {
    "box": {
     "id": "status",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      980.0,
      60.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      246.0,
      50.0,
      76.0,
      20.0
     ],
     "text": "Status",
     "texton": "Status"
    }
   },
   {
    "box": {
     "id": "send-status",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      980.0,
      100.0,
      126.0,
      22.0
     ],
     "text": "/jacquees/status"
    }
   },
   {
    "box": {
     "id": "drop",
     "maxclass": "dropfile",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      150.0,
      156.0,
      48.0
     ],
     "presentation": 1,
     "presentation_rect": [
      6.0,
      74.0,
      156.0,
      48.0
     ]
    }
   },
   {
    "box": {
     "id": "choose",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      200.0,
      150.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      166.0,
      74.0,
      76.0,
      20.0
     ],
     "text": "Choose file",
     "texton": "Choose file"
    }
   },
   {
    "box": {
     "id": "choose-hint",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      290.0,
      150.0,
      84.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      246.0,
      74.0,
      84.0,
      20.0
     ],
     "text": "or drop one"
    }
   },
   {
    "box": {
     "id": "dialog",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "bang"
     ],
     "patching_rect": [
      200.0,
      180.0,
      126.0,
      22.0
     ],
     "text": "opendialog sound"
    }
   },
   {
    "box": {
     "id": "system-path",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "int"
     ],
     "patching_rect": [
      20.0,
      210.0,
      168.0,
      22.0
     ],
     "text": "conformpath slash boot"
    }
   },
   {
    "box": {
     "id": "show-file",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      240.0,
      91.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "file",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      700.0,
      240.0,
      316.0,
      38.0
     ],
     "presentation": 1,
     "presentation_rect": [
      6.0,
      126.0,
      316.0,
      38.0
     ],
     "text": "no file chosen"
    }
   },
   {
    "box": {
     "id": "address-file",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      270.0,
      175.0,
      22.0
     ],
     "text": "prepend /jacquees/cover"
    }
   },
   {
    "box": {
     "id": "cover-file",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      20.0,
      305.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      86.0,
      26.0,
      76.0,
      20.0
     ],
     "text": "Cover file",
     "texton": "Cover file"
    }
   },
   {
    "box": {
     "id": "remembered-file",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      120.0,
      305.0,
      56.0,
      22.0
     ],
     "text": "zl.reg"
    }
   },
   {
    "box": {
     "id": "thirty",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      150.0,
      98.0,
      22.0
     ],
     "text": "loadmess 30."
    }
   },
   {
    "box": {
     "id": "seconds",
     "maxclass": "flonum",
     "minimum": 1.0,
     "numdecimalplaces": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "bang"
     ],
     "parameter_enable": 0,
     "patching_rect": [
      600.0,
      180.0,
      46.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      246.0,
      98.0,
      46.0,
      20.0
     ]
    }
   },
   {
    "box": {
     "id": "seconds-label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      660.0,
      180.0,
      36.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      294.0,
      98.0,
      36.0,
      20.0
     ],
     "text": "sec"
    }
   },
   {
    "box": {
     "id": "more",
     "maxclass": "live.text",
     "mode": 0,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      500.0,
      180.0,
      76.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      166.0,
      98.0,
      76.0,
      20.0
     ],
     "text": "More",
     "texton": "More"
    }
   },
   {
    "box": {
     "id": "seconds-kept",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      500.0,
      210.0,
      77.0,
      22.0
     ],
     "text": "float 30."
    }
   },
   {
    "box": {
     "id": "address-more",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      500.0,
      240.0,
      168.0,
      22.0
     ],
     "text": "prepend /jacquees/more"
    }
   },
   {
    "box": {
     "id": "trigger",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "bang"
     ],
     "patching_rect": [
      20.0,
      340.0,
      91.0,
      22.0
     ],
     "text": "trigger l b"
    }
   },
   {
    "box": {
     "id": "clear",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      340.0,
      35.0,
      22.0
     ],
     "text": "set"
    }
   },
   {
    "box": {
     "id": "udpsend",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      370.0,
      175.0,
      22.0
     ],
     "text": "udpsend 127.0.0.1 19100"
    }
   },
   {
    "box": {
     "id": "udpreceive",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      420.0,
      126.0,
      22.0
     ],
     "text": "udpreceive 19101"
    }
   },
   {
    "box": {
     "id": "answers",
     "maxclass": "newobj",
     "numinlets": 6,
     "numoutlets": 6,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      450.0,
      630.0,
      22.0
     ],
     "text": "route /jacquees/status /jacquees/progress /jacquees/score /jacquees/done /jacquees/error"
    }
   },
   {
    "box": {
     "id": "status-parts",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 4,
     "outlettype": [
      "",
      "",
      "float",
      "float"
     ],
     "patching_rect": [
      20.0,
      480.0,
      126.0,
      22.0
     ],
     "text": "unpack s s 0. 0."
    }
   },
   {
    "box": {
     "id": "progress-parts",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "float",
      ""
     ],
     "patching_rect": [
      200.0,
      480.0,
      91.0,
      22.0
     ],
     "text": "unpack 0. s"
    }
   },
   {
    "box": {
     "id": "set-state",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      510.0,
      91.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "set-target",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      120.0,
      510.0,
      91.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "set-stage",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      220.0,
      510.0,
      91.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "set-done",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      320.0,
      510.0,
      133.0,
      22.0
     ],
     "text": "prepend set done:"
    }
   },
   {
    "box": {
     "id": "set-error",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      480.0,
      510.0,
      91.0,
      22.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "title",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      550.0,
      156.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      6.0,
      4.0,
      156.0,
      18.0
     ],
     "text": "JacqueesBot"
    }
   },
   {
    "box": {
     "id": "state",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      580.0,
      260.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      334.0,
      4.0,
      260.0,
      18.0
     ],
     "text": "no answer yet: is `jacqueesbot run` running?"
    }
   },
   {
    "box": {
     "id": "target",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      300.0,
      580.0,
      260.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      334.0,
      24.0,
      260.0,
      18.0
     ],
     "text": ""
    }
   },
   {
    "box": {
     "floatoutput": 1,
     "id": "progress",
     "ignoreclick": 1,
     "maxclass": "slider",
     "numinlets": 1,
     "numoutlets": 1,
     "orientation": 1,
     "outlettype": [
      ""
     ],
     "parameter_enable": 0,
     "patching_rect": [
      20.0,
      610.0,
      160.0,
      14.0
     ],
     "presentation": 1,
     "presentation_rect": [
      334.0,
      46.0,
      160.0,
      14.0
     ],
     "size": 1.0
    }
   },
   {
    "box": {
     "id": "stage",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      200.0,
      610.0,
      96.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      498.0,
      44.0,
      96.0,
      18.0
     ],
     "text": ""
    }
   },
   {
    "box": {
     "id": "score-label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      300.0,
      610.0,
      60.0,
      18.0
     ],
     "presentation": 1,
     "presentation_rect": [
      334.0,
      66.0,
      60.0,
      18.0
     ],
     "text": "score"
    }
   },
   {
    "box": {
     "id": "score",
     "ignoreclick": 1,
     "maxclass": "flonum",
     "numdecimalplaces": 3,
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "bang"
     ],
     "parameter_enable": 0,
     "patching_rect": [
      380.0,
      610.0,
      60.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      398.0,
      64.0,
      60.0,
      20.0
     ]
    }
   },
   {
    "box": {
     "id": "words",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      640.0,
      260.0,
      74.0
     ],
     "presentation": 1,
     "presentation_rect": [
      334.0,
      90.0,
      260.0,
      74.0
     ],
     "text": ""
    }
   }
  ],
  "classnamespace": "box",
  "default_fontname": "Arial",
  "default_fontsize": 10.0,
  "fileversion": 1,
  "gridsize": [
   15.0,
   15.0
  ],
  "lines": [
   {
    "patchline": {
     "destination": [
      "send-status",
      0
     ],
     "source": [
      "loaded",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-cover",
      0
     ],
     "source": [
      "cover",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-cover",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-again",
      0
     ],
     "source": [
      "again",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-again",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-variation",
      0
     ],
     "source": [
      "variation",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-variation",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-stop",
      0
     ],
     "source": [
      "stop",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-stop",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-keep",
      0
     ],
     "source": [
      "keep",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-keep",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-undo",
      0
     ],
     "source": [
      "undo",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-undo",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "send-status",
      0
     ],
     "source": [
      "status",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "send-status",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "system-path",
      0
     ],
     "source": [
      "drop",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "dialog",
      0
     ],
     "source": [
      "choose",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "system-path",
      0
     ],
     "source": [
      "dialog",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "show-file",
      0
     ],
     "source": [
      "system-path",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "file",
      0
     ],
     "source": [
      "show-file",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "address-file",
      0
     ],
     "source": [
      "system-path",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "remembered-file",
      1
     ],
     "source": [
      "address-file",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "remembered-file",
      0
     ],
     "source": [
      "cover-file",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "remembered-file",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "seconds",
      0
     ],
     "source": [
      "thirty",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "seconds-kept",
      1
     ],
     "source": [
      "seconds",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "seconds-kept",
      0
     ],
     "source": [
      "more",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "address-more",
      0
     ],
     "source": [
      "seconds-kept",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "trigger",
      0
     ],
     "source": [
      "address-more",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "clear",
      0
     ],
     "source": [
      "trigger",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "words",
      0
     ],
     "source": [
      "clear",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "udpsend",
      0
     ],
     "source": [
      "trigger",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "answers",
      0
     ],
     "source": [
      "udpreceive",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "status-parts",
      0
     ],
     "source": [
      "answers",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "progress-parts",
      0
     ],
     "source": [
      "answers",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "score",
      0
     ],
     "source": [
      "answers",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "set-done",
      0
     ],
     "source": [
      "answers",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "set-error",
      0
     ],
     "source": [
      "answers",
      4
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "set-state",
      0
     ],
     "source": [
      "status-parts",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "set-target",
      0
     ],
     "source": [
      "status-parts",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "progress",
      0
     ],
     "source": [
      "status-parts",
      2
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "score",
      0
     ],
     "source": [
      "status-parts",
      3
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "progress",
      0
     ],
     "source": [
      "progress-parts",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "set-stage",
      0
     ],
     "source": [
      "progress-parts",
      1
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "state",
      0
     ],
     "source": [
      "set-state",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "target",
      0
     ],
     "source": [
      "set-target",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "stage",
      0
     ],
     "source": [
      "set-stage",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "words",
      0
     ],
     "source": [
      "set-done",
      0
     ]
    }
   },
   {
    "patchline": {
     "destination": [
      "words",
      0
     ],
     "source": [
      "set-error",
      0
     ]
    }
   }
  ],
  "openinpresentation": 1,
  "rect": [
   80.0,
   120.0,
   620.0,
   219.0
  ]
 }
}
