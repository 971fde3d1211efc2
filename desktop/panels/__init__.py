"""The panels around the photo: which model colours it, how its colours are shown, and the queue of folders.

None of them does any work. Each shows what it is told (`ModelPanel.set_models`, `LookPanel.set_look`; `BatchPanel`
listens to its `desktop.batches.BatchQueue`) and tells by signals what the user wishes. So each can be tried by itself,
and what happens is decided where the window is put together.

* `model_panel`: the models (`model_choice`), the card of the chosen one (`model_card`, `model_facts`), its variants
  (`variant_row`), and what to compare (`compare_button`).
* `look_panel`: one small binding a control (`saturation`, `vibrance`, `temperature`, `evenness`, `white_balance`) over
  a slider with a number and a reset (`slider`).
* `hint_panel`: colours by hand; its parts, which are many, are in `hints`.
* `batch_panel`: the entries (`batch_list`, drawn by `batch_delegate`, told by `batch_texts`), and
  what became of it with the photos that failed (`failure_view`, `failure_list`).
* `wording` says numbers as people do; `text_label`, `icon_button`, `focus_ring` and `wheel` are small habits that all
  of them share.
"""

from desktop.panels.batch_panel import BatchPanel
from desktop.panels.hint_panel import HintPanel
from desktop.panels.look_panel import LookPanel
from desktop.panels.model_panel import ModelPanel

__all__ = ["BatchPanel", "HintPanel", "LookPanel", "ModelPanel"]
