"""The parts of the panel of hints: with what, in which colour, and what has been painted so far.

Nobody here knows the photo or its network. `desktop.panels.hint_panel` puts the parts together and tells by signals
what the user wishes.

* `tool_row` chooses the tool by acts that the window has too (`choice_button` shows what is chosen), `brush_size` how
  wide it paints.
* `color_chooser` chooses the colour. `gamut_view` shows all colours that a photo can have at one lightness
  (`gamut_image`), `color_entry` takes names and numbers (completed by `name_list`), `color_preview` shows what came of
  it.
* `swatch_view` is a row of colours: suggestions, recent ones, a palette (`palette_bar`). Its model is `swatch_list`,
  and `swatch_delegate` draws it; `swatch` draws a colour anywhere.
* `hint_view` lists the hints: `hint_list` is the model, `hint_delegate` draws it. `help_buttons` are other ways to
  hints.
* `color_wording` says colours and hints in words.
"""
