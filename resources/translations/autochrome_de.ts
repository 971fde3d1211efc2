<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <location filename="../../desktop/dialogs/about.py" line="+51"/>
        <source>About Autochrome</source>
        <translation>Über Autochrome</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <location line="+0"/>
        <location line="+2"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location line="-1"/>
        <source>Text of the licence</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>What for</source>
        <translation>Zweck</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Topics</source>
        <translation>Themen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location line="+31"/>
        <source>Colours black-and-white photographs on your own computer. No upload, no account.</source>
        <translation>Koloriert Schwarzweißfotos auf dem eigenen Computer. Kein Hochladen, kein Konto.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The colours are plausible, not true: nobody can know what colour a coat was from a grey picture.</source>
        <translation>Die Farben sind plausibel, nicht wahr: Welche Farbe ein Mantel hatte, verrät ein graues Bild niemandem.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Free software under the Apache License 2.0.</source>
        <translation>Freie Software unter der Apache-Lizenz 2.0.</translation>
    </message>
    <message>
        <location line="+44"/>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>This library brought no text along; its licence is named above.</source>
        <translation>Diese Bibliothek enthält keinen Lizenztext; ihre Lizenz ist oben genannt.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>The licences could not be read: {cause}</source>
        <translation>Die Lizenzen waren nicht lesbar: {cause}</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <location filename="../../desktop/actions.py" line="+39"/>
        <source>&amp;Open folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open p&amp;hoto…</source>
        <translation>&amp;Foto öffnen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Paste picture</source>
        <translation>Bild &amp;einfügen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Save coloured photo</source>
        <translation>Koloriertes Foto &amp;speichern</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Saves it beside the original, which is never touched</source>
        <translation>Speichert neben dem Original, das immer unberührt bleibt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Save a&amp;ll changed photos</source>
        <translation>&amp;Alle geänderten Fotos speichern</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Saves every photo that you changed and did not save yet</source>
        <translation>Speichert alle geänderten, noch nicht gespeicherten Fotos</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Colour the folder</source>
        <translation>Ordner &amp;kolorieren</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Colours all photos of this folder in the background</source>
        <translation>Koloriert alle Fotos dieses Ordners im Hintergrund</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Find a photo by name</source>
        <translation>Foto nach Namen &amp;suchen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>P&amp;revious photo</source>
        <translation>&amp;Vorheriges Foto</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Next photo</source>
        <translation>&amp;Nächstes Foto</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Previous pa&amp;ge of the file</source>
        <translation>Vorherige Seite der &amp;Datei</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Next page of the fil&amp;e</source>
        <translation>Nächste &amp;Seite der Datei</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>&amp;Zoom out</source>
        <translation>Verkl&amp;einern</translation>
    </message>
    <message>
        <location line="+30"/>
        <source>&amp;Brush</source>
        <translation>&amp;Pinsel</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Brush: paint what colour something has</source>
        <translation>Pinsel: malen, welche Farbe etwas hat</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Eraser</source>
        <translation>&amp;Radierer</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Eraser: take painted colours away</source>
        <translation>Radierer: gemalte Farben entfernen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>P&amp;ick a colour from the photo</source>
        <translation>&amp;Farbe aus dem Foto aufnehmen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Select and move hints</source>
        <translation>Farbhinweise aus&amp;wählen und verschieben</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Larger brush</source>
        <translation>Pinsel &amp;größer</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;maller brush</source>
        <translation>Pinsel kle&amp;iner</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;No colour here</source>
        <translation>&amp;Hier keine Farbe</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>No colour here: what was grey in life stays grey</source>
        <translation>Hier keine Farbe: Was in Wirklichkeit grau war, bleibt grau</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Keep what is here</source>
        <translation>Farbe hier &amp;belassen</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Keep what the model says here, and let no other hint spill in</source>
        <translation>Hier die Farbe des Modells belassen; andere Farbhinweise wirken nicht hinein</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Delete the hint</source>
        <translation>Farbhinweis &amp;löschen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clea&amp;r all hints</source>
        <translation>&amp;Alle Farbhinweise löschen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Copy the hints</source>
        <translation>Farbhinweise &amp;kopieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Paste hints</source>
        <translation>Farbhinweise &amp;einfügen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hints o&amp;f the photo before</source>
        <translation>Farbhinweise des &amp;vorherigen Fotos</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>C&amp;olours from a reference photo…</source>
        <translation>Farben aus einem Referenzfo&amp;to…</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Carries colours over from a similar colour photo, as hints to edit</source>
        <translation>Überträgt Farben aus einem ähnlichen Farbfoto, als Farbhinweise zum Bearbeiten</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Show &amp;where to hint</source>
        <translation>&amp;Zeigen, wo Farbhinweise helfen</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Marks the places where the model is least sure of its colours</source>
        <translation>Markiert die Stellen, an denen sich das Modell seiner Farben am wenigsten sicher ist</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Show the &amp;hints</source>
        <translation>Farbhinweise a&amp;nzeigen</translation>
    </message>
    <message>
        <location line="-80"/>
        <source>&amp;Fit into the window</source>
        <translation>In &amp;Fenster einpassen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Zoom &amp;in</source>
        <translation>Ve&amp;rgrößern</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Coloured photo</source>
        <translation>&amp;Koloriertes Foto</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Before and after, &amp;split</source>
        <translation>Vorher/Nachher, &amp;geteilt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Before and after, side by si&amp;de</source>
        <translation>Vorher/Nachher, ne&amp;beneinander</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Original, while held</source>
        <translation>&amp;Original, solange gehalten</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Hold it to see the original</source>
        <translation>Gedrückt halten, um das Original zu sehen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Compare &amp;variants</source>
        <translation>V&amp;arianten vergleichen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Compare &amp;models</source>
        <translation>&amp;Modelle vergleichen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>F&amp;ull screen</source>
        <translation>Vollb&amp;ild</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Ca&amp;ncel what is going on</source>
        <translation>Laufenden &amp;Vorgang abbrechen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Keys</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Log…</source>
        <translation>&amp;Protokoll…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Welcome page</source>
        <translation>&amp;Startseite</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;About Autochrome</source>
        <translation>Ü&amp;ber Autochrome</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <location filename="../../desktop/dialogs/settings_pages.py" line="+44"/>
        <location line="+5"/>
        <source>As the system</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <location line="-4"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Theme:</source>
        <translation>&amp;Farbschema:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Language:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Another language takes effect at the next start.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
</context>
<context>
    <name>Autochrome</name>
    <message>
        <location filename="../../desktop/app.py" line="+288"/>
        <location line="+5"/>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Photos are still being coloured or saved. Quit all the same? Nothing partial is left, and the same folder goes on from there later.</source>
        <translation>Es werden noch Fotos koloriert oder gespeichert. Trotzdem beenden? Es bleibt nichts Halbfertiges zurück, und derselbe Ordner lässt sich später von dort aus fortsetzen.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>Zoom at the pointer</source>
        <translation>Zoomen am Mauszeiger</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>+ and −, or the wheel</source>
        <translation>+ und − oder Mausrad</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Move the photo</source>
        <translation>Foto verschieben</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Ctrl and the arrows, or drag</source>
        <translation>Strg und Pfeiltasten oder ziehen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Move the split</source>
        <translation>Teilung verschieben</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Shift and ← →, with Ctrl faster</source>
        <translation>Umschalt und ← →, mit Strg schneller</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Take a colouring while comparing</source>
        <translation>Kolorierung beim Vergleichen übernehmen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>1 to 4</source>
        <translation>1 bis 4</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Take a suggested colour</source>
        <translation>Vorgeschlagene Farbe nehmen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Show the crosshair, with a tool for hints</source>
        <translation>Fadenkreuz zeigen, bei Farbhinweisen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Move the crosshair</source>
        <translation>Fadenkreuz bewegen</translation>
    </message>
    <message>
        <location line="+0"/>
        <location line="+5"/>
        <source>the arrows, with Shift finer</source>
        <translation>Pfeiltasten, mit Umschalt feiner</translation>
    </message>
    <message>
        <location line="-4"/>
        <source>Use the tool at the crosshair</source>
        <translation>Werkzeug am Fadenkreuz anwenden</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Enter, held to draw with the arrows</source>
        <translation>Enter; gehalten zeichnen die Pfeiltasten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Bring the crosshair to a place that needs a hint</source>
        <translation>Fadenkreuz zu einer hilfreichen Stelle bringen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>its number, 1 to 9</source>
        <translation>ihre Nummer, 1 bis 9</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Put the crosshair away</source>
        <translation>Fadenkreuz ausblenden</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Select the next hint, while selecting</source>
        <translation>Beim Auswählen: nächster Farbhinweis</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Enter, with Shift the one before</source>
        <translation>Enter, mit Umschalt der vorige</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Move the selected hint, while selecting</source>
        <translation>Beim Auswählen: Farbhinweis verschieben</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Go to a photo, among the thumbnails</source>
        <translation>In den Vorschaubildern zu einem Foto gehen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>its name, unless a key begins it</source>
        <translation>sein Name, außer er beginnt mit einem Kürzel</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>{first} to {last}</source>
        <translation>{first} bis {last}</translation>
    </message>
</context>
<context>
    <name>BatchPanel</name>
    <message>
        <location filename="../../desktop/panels/batch_panel.py" line="+85"/>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+170"/>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location line="-169"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Run again</source>
        <translation>Erneut starten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Remove from the queue</source>
        <translation>Aus dem Stapel entfernen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open the folder of the coloured photos</source>
        <translation>Ordner der kolorierten Fotos öffnen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open the report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Folders that you add, or drop here, are coloured one after the other.</source>
        <translation>Hinzugefügte oder hier abgelegte Ordner werden nacheinander koloriert.</translation>
    </message>
    <message>
        <location line="+55"/>
        <source>Batch queue</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Add a folder to the queue</source>
        <translation>Ordner zum Stapel hinzufügen</translation>
    </message>
    <message>
        <location line="+80"/>
        <source>{path} could not be opened.</source>
        <translation>{path} ließ sich nicht öffnen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Perhaps it was moved, or no program is set up for it.</source>
        <translation>Vielleicht wurde es verschoben, oder dafür ist kein Programm eingerichtet.</translation>
    </message>
    <message>
        <location line="+23"/>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>BatchTexts</name>
    <message>
        <location filename="../../desktop/panels/batch_texts.py" line="+27"/>
        <source>{name} and {count} more</source>
        <translation>{name} und {count} weitere</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>Waiting for the disk</source>
        <translation>Wartet auf den Datenträger</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Done, with failures</source>
        <translation>Fertig, mit Fehlern</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Could not be run</source>
        <translation>Nicht ausführbar</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>{settled} of {total}</source>
        <translation>{settled} von {total}</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{count} failed</source>
        <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>{count} were there already</source>
        <translation>{count} schon vorhanden</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>An unexpected error ended it; the log has the details.</source>
        <translation>Durch einen unerwarteten Fehler beendet; Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>“Run again” goes on from here.</source>
        <translation>„Erneut starten“ setzt hier fort.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Photos in hand are still finished.</source>
        <translation>Begonnene Fotos werden noch fertiggestellt.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It took {time}.</source>
        <translation>Dauer: {time}.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Now: {name}</source>
        <translation>Jetzt: {name}</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>Waiting for {folder}.</source>
        <translation>Wartet auf {folder}.</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>Nothing is lost, and it goes on by itself.</source>
        <translation>Nichts geht verloren, und es geht von selbst weiter.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Tried again at {time}.</source>
        <translation>Erneut versucht um {time}.</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Looking for photos…</source>
        <translation>Suche nach Fotos…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Loading the model…</source>
        <translation>Modell wird geladen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
</context>
<context>
    <name>Batching</name>
    <message>
        <location filename="../../desktop/flows/batching.py" line="+107"/>
        <source>Colour a folder of photos</source>
        <translation>Fotoordner kolorieren</translation>
    </message>
</context>
<context>
    <name>BrushSize</name>
    <message>
        <location filename="../../desktop/panels/hints/brush_size.py" line="+60"/>
        <location line="+1"/>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Width of the brush in pixels of the photo</source>
        <translation>Breite des Pinsels in Pixeln des Fotos</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the brush size</source>
        <translation>Pinselgröße zurücksetzen</translation>
    </message>
    <message>
        <location line="+5"/>
        <source> px</source>
        <translation> px</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <location filename="../../desktop/canvas/canvas.py" line="+106"/>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+2"/>
        <source>Coloured photo</source>
        <translation>Koloriertes Foto</translation>
    </message>
    <message>
        <location line="-1"/>
        <source>Original photo</source>
        <translation>Originalfoto</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Candidates</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <location line="+80"/>
        <source>No photo is open.</source>
        <translation>Kein Foto geöffnet.</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Coloured</source>
        <translation>Koloriert</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message>
        <location filename="../../desktop/flows/choosing.py" line="+130"/>
        <source>Checking {name}…</source>
        <translation>{name} wird geprüft…</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>The model {name} is installed.</source>
        <translation>Das Modell {name} ist installiert.</translation>
    </message>
    <message>
        <location line="+22"/>
        <source>Replace a model</source>
        <translation>Modell ersetzen</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Replace it by {name}?</source>
        <translation>Durch {name} ersetzen?</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <location line="+32"/>
        <source>The model {name} is not installed any more; another one is used.</source>
        <translation>Das Modell {name} ist nicht mehr installiert; ein anderes wird verwendet.</translation>
    </message>
</context>
<context>
    <name>ColorChooser</name>
    <message>
        <location filename="../../desktop/panels/hints/color_chooser.py" line="+49"/>
        <source>No colour</source>
        <translation>Keine Farbe</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Keep</source>
        <translation>Belassen</translation>
    </message>
    <message>
        <location line="+43"/>
        <source>Lightness {lightness}</source>
        <translation>Helligkeit {lightness}</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>No colour here</source>
        <translation>Hier keine Farbe</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No colour here: what was grey in life stays grey</source>
        <translation>Hier keine Farbe: Was in Wirklichkeit grau war, bleibt grau</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Keep what is here</source>
        <translation>Farbe hier belassen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Keep what the model says here, and let no other hint spill in</source>
        <translation>Hier die Farbe des Modells belassen; andere Farbhinweise wirken nicht hinein</translation>
    </message>
</context>
<context>
    <name>ColorEntry</name>
    <message>
        <location filename="../../desktop/panels/hints/color_entry.py" line="+41"/>
        <source>e.g. dark red</source>
        <translation>z. B. dark red</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Colour by name or number</source>
        <translation>Farbe nach Name oder Zahl</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>A name such as dark red, or a number such as #7d2a2f or rgb(125, 42, 47)</source>
        <translation>Ein englischer Name wie dark red oder eine Zahl wie #7d2a2f oder rgb(125, 42, 47)</translation>
    </message>
    <message>
        <location line="+58"/>
        <source>“{text}” is no colour. Try a name such as dark red, or #7d2a2f.</source>
        <translation>„{text}“ ist keine Farbe. Einen englischen Namen wie dark red oder eine Zahl wie #7d2a2f versuchen.</translation>
    </message>
</context>
<context>
    <name>ColorPreview</name>
    <message>
        <location filename="../../desktop/panels/hints/color_preview.py" line="+35"/>
        <source>Colour in use</source>
        <translation>Aktuelle Farbe</translation>
    </message>
    <message>
        <location line="+20"/>
        <source>Left: as chosen, {color}</source>
        <translation>Links: wie gewählt, {color}</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Right: at the lightness of this place, {color}</source>
        <translation>Rechts: in der Helligkeit dieser Stelle, {color}</translation>
    </message>
</context>
<context>
    <name>ColorWords</name>
    <message>
        <location filename="../../desktop/panels/hints/color_wording.py" line="+11"/>
        <source>very dark</source>
        <translation>sehr dunkles</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>dark</source>
        <translation>dunkles</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>light</source>
        <translation>helles</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>very light</source>
        <translation>sehr helles</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>greyish</source>
        <translation>gräuliches</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>strong</source>
        <translation>kräftiges</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>vivid</source>
        <translation>leuchtendes</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>black</source>
        <translation>Schwarz</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>white</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>brown</source>
        <translation>Braun</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>olive</source>
        <translation>Oliv</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>turquoise</source>
        <translation>Türkis</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>purple</source>
        <translation>Violett</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>pink</source>
        <translation>Rosa</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>{lightness} {chroma} {hue}</source>
        <translation>{lightness} {chroma} {hue}</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{quality} {hue}</source>
        <comment>dark red, vivid green</comment>
        <translation>{quality} {hue}</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>keep what is here</source>
        <translation>Farbe belassen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>no colour</source>
        <translation>keine Farbe</translation>
    </message>
</context>
<context>
    <name>ColoringFlow</name>
    <message>
        <location filename="../../desktop/flows/coloring.py" line="+135"/>
        <source>Colouring…</source>
        <translation>Wird koloriert…</translation>
    </message>
    <message>
        <location line="+34"/>
        <source>Colouring failed</source>
        <translation>Kolorierung fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+28"/>
        <source>{width} × {height}</source>
        <translation>{width} × {height}</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>{bits} bit</source>
        <translation>{bits} Bit</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>page {page} of {count}</source>
        <translation>Seite {page} von {count}</translation>
    </message>
</context>
<context>
    <name>ColoringPage</name>
    <message>
        <location filename="../../desktop/dialogs/settings_pages.py" line="+19"/>
        <source>The fastest there is</source>
        <translation>Das schnellste Gerät</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Apple graphics (MPS)</source>
        <translation>Apple-Grafik (MPS)</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation>NVIDIA-Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Compute on</source>
        <translation>Berechnen auf</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Begin with automatic &amp;white balance</source>
        <translation>Mit automatischem &amp;Weißabgleich beginnen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Compute on:</source>
        <translation>&amp;Berechnen auf:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Another device takes effect at the next start.</source>
        <translation>Ein anderes Gerät gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The model is chosen in the panel on the right; the last one is kept.</source>
        <translation>Das Modell wird in der rechten Leiste gewählt; das letzte bleibt erhalten.</translation>
    </message>
</context>
<context>
    <name>CompareButton</name>
    <message>
        <location filename="../../desktop/panels/compare_button.py" line="+36"/>
        <location line="+1"/>
        <source>Compare models</source>
        <translation>Modelle vergleichen</translation>
    </message>
    <message>
        <location line="+50"/>
        <source>There is only one model to look at. Add another to compare them.</source>
        <translation>Es gibt nur ein Modell. Zum Vergleichen ein weiteres hinzufügen.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Shows the photo in the colours of {models}</source>
        <translation>Zeigt das Foto in den Farben von {models}</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Choose a second model in the menu</source>
        <translation>Im Menü ein zweites Modell wählen</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <location filename="../../desktop/canvas/compare.py" line="+171"/>
        <source>There is nothing to compare yet.</source>
        <translation>Noch nichts zu vergleichen.</translation>
    </message>
</context>
<context>
    <name>Comparing</name>
    <message>
        <location filename="../../desktop/flows/comparing.py" line="+143"/>
        <source>{choice} was taken.</source>
        <translation>{choice} übernommen.</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>Automatic colours</source>
        <translation>Automatische Farben</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Variant {number}</source>
        <translation>Variante {number}</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <location filename="../../desktop/dialogs/error.py" line="+64"/>
        <source>&amp;Details</source>
        <translation>&amp;Einzelheiten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Copy details</source>
        <translation>Einzelheiten &amp;kopieren</translation>
    </message>
    <message numerus="yes">
        <location line="+16"/>
        <source>%n more errors since; they are in the log.</source>
        <translation>
            <numerusform>Seither %n weiterer Fehler; er steht im Protokoll.</numerusform>
            <numerusform>Seither %n weitere Fehler; sie stehen im Protokoll.</numerusform>
        </translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>What happened</source>
        <translation>Was geschehen ist</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What you can do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>For a bug report. Your name and your home folder are left out.</source>
        <translation>Für einen Fehlerbericht. Benutzername und persönlicher Ordner sind ausgelassen.</translation>
    </message>
</context>
<context>
    <name>ErrorTitles</name>
    <message>
        <location filename="../../desktop/error_titles.py" line="+8"/>
        <source>Another run is at work</source>
        <translation>Ein anderer Durchlauf ist im Gange</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This photo could not be used</source>
        <translation>Dieses Foto ist nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This photo could not be read</source>
        <translation>Dieses Foto ist nicht lesbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This format is not supported</source>
        <translation>Dieses Format wird nicht unterstützt</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This photo is too large</source>
        <translation>Dieses Foto ist zu groß</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The coloured photo could not be saved</source>
        <translation>Das kolorierte Foto ließ sich nicht speichern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The hints of this photo could not be used</source>
        <translation>Die Farbhinweise dieses Fotos sind nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There is no such model</source>
        <translation>Dieses Modell gibt es nicht</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This weight file cannot be used</source>
        <translation>Diese Modelldatei ist nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There is no photo yet</source>
        <translation>Es gibt noch kein Foto</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There is not enough memory</source>
        <translation>Der Arbeitsspeicher reicht nicht aus</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The model&apos;s result cannot be used</source>
        <translation>Das Ergebnis des Modells ist nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This device is not available</source>
        <translation>Dieses Gerät ist nicht verfügbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This palette could not be used</source>
        <translation>Diese Palette ist nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This photo has no colours</source>
        <translation>Dieses Foto hat keine Farben</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The installed models were not changed</source>
        <translation>Die installierten Modelle blieben unverändert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There is nothing to do</source>
        <translation>Es gibt nichts zu tun</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The record of this folder cannot be used</source>
        <translation>Das Verzeichnis dieses Ordners ist nicht verwendbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The settings could not be read in full</source>
        <translation>Die Einstellungen waren nicht vollständig lesbar</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The settings could not be saved</source>
        <translation>Die Einstellungen ließen sich nicht speichern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This photo cannot be a reference</source>
        <translation>Dieses Foto eignet sich nicht als Referenz</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The cluster cannot be used</source>
        <translation>Der Rechnerverbund kann nicht verwendet werden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The storage cannot be used</source>
        <translation>Der Speicher kann nicht verwendet werden</translation>
    </message>
</context>
<context>
    <name>EvennessControl</name>
    <message>
        <location filename="../../desktop/panels/evenness.py" line="+23"/>
        <location line="+1"/>
        <source>Evenness</source>
        <translation>Gleichmäßigkeit</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For cartoons and line art: how far each area between lines takes one colour.</source>
        <translation>Für Cartoons und Zeichnungen: wie weit jede Fläche zwischen den Linien eine einzige Farbe annimmt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the evenness</source>
        <translation>Gleichmäßigkeit zurücksetzen</translation>
    </message>
</context>
<context>
    <name>FailureList</name>
    <message>
        <location filename="../../desktop/panels/failure_list.py" line="+67"/>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Why</source>
        <translation>Ursache</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>What to do</source>
        <translation>Abhilfe</translation>
    </message>
</context>
<context>
    <name>FailureView</name>
    <message>
        <location filename="../../desktop/panels/failure_view.py" line="+81"/>
        <source>Try again now</source>
        <translation>Jetzt erneut versuchen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Show this photo</source>
        <translation>Dieses Foto zeigen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Copy the failures that are selected</source>
        <translation>Ausgewählte Fehler kopieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>Try again now to save</source>
        <translation>Jetzt erneut versuchen zu speichern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It looks by itself every few seconds</source>
        <translation>Alle paar Sekunden wird von selbst nachgesehen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Retry the photos that failed</source>
        <translation>Fehlgeschlagene Fotos wiederholen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Colours what failed or is missing; the rest stays as it is</source>
        <translation>Koloriert, was fehlgeschlagen ist oder fehlt; der Rest bleibt, wie er ist</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Photos that failed</source>
        <translation>Fehlgeschlagene Fotos</translation>
    </message>
    <message>
        <location line="+44"/>
        <source>{count} failed</source>
        <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>No photo failed</source>
        <translation>Kein Foto fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <location filename="../../desktop/library/filter_bar.py" line="+29"/>
        <location line="+1"/>
        <source>Filter by name</source>
        <translation>Nach Namen filtern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Shows the photos whose names have all these words</source>
        <translation>Zeigt Fotos, deren Namen alle diese Wörter enthalten</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Filter by state</source>
        <translation>Nach Status filtern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Shows the photos of which this is true</source>
        <translation>Zeigt Fotos, auf die dies zutrifft</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Not coloured yet</source>
        <translation>Nicht koloriert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Coloured</source>
        <translation>Koloriert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>With hints</source>
        <translation>Mit Farbhinweisen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Unsaved changes</source>
        <translation>Ungespeichert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Coloured copies</source>
        <translation>Kolorierte Kopien</translation>
    </message>
</context>
<context>
    <name>FolderTree</name>
    <message>
        <location filename="../../desktop/library/tree.py" line="+45"/>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <location filename="../../desktop/library/folders.py" line="+60"/>
        <source>Home</source>
        <translation>Persönlicher Ordner</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <location filename="../../desktop/dialogs/settings_pages.py" line="+64"/>
        <source>Size of thumbnails</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <location line="+2"/>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Open the last folder and photo at the start</source>
        <translation>Beim Start letzten Ordner und letztes Foto &amp;öffnen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Clear the recent folders</source>
        <translation>&amp;Liste der letzten Ordner leeren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clear the recent folders</source>
        <translation>Liste der letzten Ordner leeren</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Photos at a time</source>
        <translation>Fotos gleichzeitig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>One for each core</source>
        <translation>Eines je Kern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Colour what is left of &amp;damaged photos</source>
        <translation>&amp;Beschädigte Fotos kolorieren, soweit erhalten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Keep the brightness of &amp;JPEGs bit for bit</source>
        <translation>Helligkeit von &amp;JPEGs Bit für Bit erhalten</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>From them the grey originals can be made again. Other photos, such as TIFFs, are listed as failed.</source>
        <translation>Aus ihnen lassen sich die grauen Originale wiederherstellen. Andere Fotos, etwa TIFFs, gelten als fehlgeschlagen.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>&amp;Size of thumbnails:</source>
        <translation>&amp;Größe der Vorschaubilder:</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Photos at a &amp;time in the queue:</source>
        <translation>Fotos gleichzeitig im &amp;Stapel:</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <location filename="../../desktop/dialogs/formats.py" line="+44"/>
        <source>{format} holds {limit} pixels a side at most; this photo has {side}.</source>
        <translation>{format} fasst höchstens {limit} Pixel je Seite; dieses Foto hat {side}.</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>{format} holds one page; this file has {count}. Choose TIFF.</source>
        <translation>{format} fasst eine Seite; diese Datei hat {count}. TIFF wählen.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{format} holds 8 bits; the 16 bits are reduced.</source>
        <translation>{format} fasst 8 Bit; die 16 Bit werden verringert.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>JPEG holds no transparency; the photo is put on white.</source>
        <translation>JPEG kennt keine Transparenz; das Foto wird auf Weiß gesetzt.</translation>
    </message>
</context>
<context>
    <name>GamutView</name>
    <message>
        <location filename="../../desktop/panels/hints/gamut_view.py" line="+69"/>
        <source>Colours at this lightness</source>
        <translation>Farben bei dieser Helligkeit</translation>
    </message>
    <message>
        <location line="+186"/>
        <source>{color}. a* {a}, b* {b}. The arrow keys choose another colour, with Shift by larger steps.</source>
        <translation>{color}. a* {a}, b* {b}. Die Pfeiltasten wählen eine andere Farbe, mit Umschalt in größeren Schritten.</translation>
    </message>
</context>
<context>
    <name>Guidance</name>
    <message numerus="yes">
        <location filename="../../desktop/flows/hint_guidance.py" line="+78"/>
        <source>%n places are numbered where a hint would help most.</source>
        <translation>
            <numerusform>%n Stelle ist nummeriert, an der ein Farbhinweis am meisten helfen würde.</numerusform>
            <numerusform>%n Stellen sind nummeriert, an denen ein Farbhinweis am meisten helfen würde.</numerusform>
        </translation>
    </message>
    <message>
        <location line="+2"/>
        <source>A hint would help nowhere in particular.</source>
        <translation>Ein Farbhinweis würde nirgends besonders helfen.</translation>
    </message>
</context>
<context>
    <name>HelpButtons</name>
    <message>
        <location filename="../../desktop/panels/hints/help_buttons.py" line="+36"/>
        <source>Show where to hint</source>
        <translation>Zeigen, wo Farbhinweise helfen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Copy hints from previous photo</source>
        <translation>Vom vorherigen Foto kopieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>From a reference photo…</source>
        <translation>Aus einem Referenzfoto…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Marks the places where the model is least sure of its colours</source>
        <translation>Markiert die Stellen, an denen sich das Modell seiner Farben am wenigsten sicher ist</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Puts the hints of the photo before onto this one</source>
        <translation>Übernimmt die Farbhinweise des vorherigen Fotos für dieses</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Carries colours over from a similar colour photo, as hints to edit</source>
        <translation>Überträgt Farben aus einem ähnlichen Farbfoto, als Farbhinweise zum Bearbeiten</translation>
    </message>
</context>
<context>
    <name>HintColors</name>
    <message>
        <location filename="../../desktop/flows/hint_colors.py" line="+172"/>
        <source>at the place that you chose</source>
        <translation>am gewählten Ort</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>under the pointer</source>
        <translation>am Mauszeiger</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>This model has no suggestions.</source>
        <translation>Dieses Modell macht keine Vorschläge.</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Point at a place in the photo to see what suits it.</source>
        <translation>Auf eine Stelle im Foto zeigen, um passende Farben zu sehen.</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
</context>
<context>
    <name>HintList</name>
    <message numerus="yes">
        <location filename="../../desktop/panels/hints/hint_list.py" line="+64"/>
        <source>{color}, stroke of %n points</source>
        <translation>
            <numerusform>{color}, Strich aus %n Punkt</numerusform>
            <numerusform>{color}, Strich aus %n Punkten</numerusform>
        </translation>
    </message>
    <message>
        <location line="+0"/>
        <source>{color}, one point</source>
        <translation>{color}, ein Punkt</translation>
    </message>
    <message>
        <location line="+22"/>
        <source>{color} at {x}, {y}</source>
        <translation>{color} bei {x}, {y}</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>At {x}, {y}</source>
        <translation>Bei {x}, {y}</translation>
    </message>
</context>
<context>
    <name>HintPanel</name>
    <message>
        <location filename="../../desktop/panels/hint_panel.py" line="+83"/>
        <location line="+151"/>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <location line="-151"/>
        <source>Point at a place in the photo to see what suits it.</source>
        <translation>Auf eine Stelle im Foto zeigen, um passende Farben zu sehen.</translation>
    </message>
    <message>
        <location line="+2"/>
        <location line="+149"/>
        <source>Recent colours</source>
        <translation>Letzte Farben</translation>
    </message>
    <message>
        <location line="-149"/>
        <source>Colours that you used last</source>
        <translation>Zuletzt verwendete Farben</translation>
    </message>
    <message>
        <location line="+136"/>
        <source>Suggestion {number}</source>
        <translation>Vorschlag {number}</translation>
    </message>
    <message>
        <location line="+47"/>
        <source>{percent} % likely. Key: {keys}</source>
        <translation>Zu {percent} % wahrscheinlich. Taste: {keys}</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
</context>
<context>
    <name>HintRows</name>
    <message>
        <location filename="../../desktop/panels/hints/hint_view.py" line="+47"/>
        <source>Hints of this photo</source>
        <translation>Farbhinweise dieses Fotos</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Delete takes the selected hint away; another colour becomes the colour of the selected hint.</source>
        <translation>Entf entfernt den ausgewählten Farbhinweis; eine neu gewählte Farbe gilt auch für ihn.</translation>
    </message>
    <message>
        <location line="+33"/>
        <source>None yet. Choose a colour, and paint with the brush on the photo.</source>
        <translation>Noch keine. Eine Farbe wählen und mit dem Pinsel auf das Foto malen.</translation>
    </message>
</context>
<context>
    <name>HintTools</name>
    <message>
        <location filename="../../desktop/canvas/brush.py" line="+85"/>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>{tool} with a radius of {radius} px.</source>
        <translation>{tool} mit einem Radius von {radius} px.</translation>
    </message>
    <message>
        <location line="+44"/>
        <source>Picks a colour from the photo.</source>
        <translation>Nimmt eine Farbe aus dem Foto auf.</translation>
    </message>
    <message>
        <location filename="../../desktop/canvas/crosshair.py" line="+130"/>
        <source>Enter shows a crosshair.</source>
        <translation>Enter zeigt ein Fadenkreuz.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The crosshair stands at {x}, {y} of {width} × {height}.</source>
        <translation>Das Fadenkreuz steht bei {x}, {y} von {width} × {height}.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>The arrow keys move it, Enter uses it, Esc puts it away.</source>
        <translation>Die Pfeiltasten verschieben es, Enter wendet es an, Esc blendet es aus.</translation>
    </message>
    <message>
        <location filename="../../desktop/canvas/selecting.py" line="+120"/>
        <source>Selects hints. Enter selects the first one.</source>
        <translation>Wählt Farbhinweise aus. Enter wählt den ersten aus.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Hint {number} of {count} is selected, at {x}, {y}.</source>
        <translation>Farbhinweis {number} von {count} ist ausgewählt, bei {x}, {y}.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>The arrow keys move it, Delete deletes it, Enter selects the next one.</source>
        <translation>Die Pfeiltasten verschieben ihn, Entf löscht ihn, Enter wählt den nächsten aus.</translation>
    </message>
</context>
<context>
    <name>HintTransfer</name>
    <message numerus="yes">
        <location filename="../../desktop/flows/hint_transfer.py" line="+70"/>
        <source>%n hints were copied.</source>
        <translation>
            <numerusform>%n Farbhinweis kopiert.</numerusform>
            <numerusform>%n Farbhinweise kopiert.</numerusform>
        </translation>
    </message>
    <message>
        <location line="+34"/>
        <source>The photo before has no hints.</source>
        <translation>Das vorherige Foto hat keine Farbhinweise.</translation>
    </message>
    <message numerus="yes">
        <location line="+8"/>
        <source>%n hints were added.</source>
        <translation>
            <numerusform>%n Farbhinweis hinzugefügt.</numerusform>
            <numerusform>%n Farbhinweise hinzugefügt.</numerusform>
        </translation>
    </message>
    <message>
        <location line="+33"/>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Choose a similar photo in colour</source>
        <translation>Ähnliches Farbfoto wählen</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>Comparing with {name}…</source>
        <translation>Vergleich mit {name}…</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>Colours from {name}</source>
        <translation>Farben aus {name}</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Nothing in {name} is alike enough.</source>
        <translation>In {name} ist nichts ähnlich genug.</translation>
    </message>
</context>
<context>
    <name>HintView</name>
    <message>
        <location filename="../../desktop/panels/hints/hint_view.py" line="+25"/>
        <source>Delete the selected hint</source>
        <translation>Ausgewählten Farbhinweis löschen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Delete all hints of this photo</source>
        <translation>Alle Farbhinweise dieses Fotos löschen</translation>
    </message>
    <message numerus="yes">
        <location line="+65"/>
        <source>%n hints</source>
        <translation>
            <numerusform>%n Farbhinweis</numerusform>
            <numerusform>%n Farbhinweise</numerusform>
        </translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Hints</source>
        <translation>Farbhinweise</translation>
    </message>
</context>
<context>
    <name>Hinting</name>
    <message>
        <location filename="../../desktop/flows/hinting.py" line="+237"/>
        <source>Open a photo to say what colours it had.</source>
        <translation>Ein Foto öffnen, um anzugeben, welche Farben es hatte.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Hints belong to the first page of a file.</source>
        <translation>Farbhinweise gehören zur ersten Seite einer Datei.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>A newer version of Autochrome wrote the hints of this photo. They stay as they are.</source>
        <translation>Die Farbhinweise dieses Fotos stammen von einer neueren Version von Autochrome. Sie bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <location filename="../../desktop/kept.py" line="+136"/>
        <source>its photo is not there.</source>
        <translation>das zugehörige Foto ist nicht da.</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <location filename="../../desktop/dialogs/keys.py" line="+40"/>
        <location line="+25"/>
        <location line="+1"/>
        <source>Keys</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <location line="-24"/>
        <source>Search for an act or a key</source>
        <translation>Befehl oder Taste suchen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location line="+22"/>
        <source>Act</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <location line="+17"/>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Others</source>
        <translation>Weitere</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <location filename="../../desktop/library/library.py" line="+247"/>
        <source>Library</source>
        <translation>Fotoübersicht</translation>
    </message>
    <message>
        <location line="+206"/>
        <source>Choose a folder above, or drop one here.</source>
        <translation>Oben einen Ordner wählen oder hier ablegen.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Reading the folder…</source>
        <translation>Ordner wird gelesen…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>No photo is both of this name and of this state.</source>
        <translation>Kein Foto mit diesem Namen und diesem Status.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Autochrome has made no coloured copies in this folder.</source>
        <translation>Autochrome hat in diesem Ordner keine kolorierten Kopien erstellt.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>There are only coloured copies in this folder.</source>
        <translation>In diesem Ordner sind nur kolorierte Kopien.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There are no photos in this folder.</source>
        <translation>In diesem Ordner sind keine Fotos.</translation>
    </message>
    <message>
        <location filename="../../desktop/library/listing.py" line="+54"/>
        <source>Check that it is still there and that you may read it.</source>
        <translation>Prüfen, ob er noch da ist und gelesen werden darf.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>This folder cannot be opened</source>
        <translation>Dieser Ordner lässt sich nicht öffnen</translation>
    </message>
    <message>
        <location line="+129"/>
        <source>The folder {folder} is not there.</source>
        <translation>Der Ordner {folder} ist nicht vorhanden.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The folder {folder} may not be read: permission denied.</source>
        <translation>Der Ordner {folder} darf nicht gelesen werden: Zugriff verweigert.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The folder {folder} cannot be read: {reason}.</source>
        <translation>Der Ordner {folder} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../../desktop/library/menus.py" line="+63"/>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Colour this folder</source>
        <translation>Diesen Ordner &amp;kolorieren</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Show in file &amp;manager</source>
        <translation>Im &amp;Dateimanager zeigen</translation>
    </message>
</context>
<context>
    <name>LogDialog</name>
    <message>
        <location filename="../../desktop/dialogs/log.py" line="+47"/>
        <location line="+14"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location line="-12"/>
        <source>Show only lines with…</source>
        <translation>Nur Zeilen zeigen mit…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Follow the newest line</source>
        <translation>&amp;Neuester Zeile folgen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Follow the newest line</source>
        <translation>Neuester Zeile folgen</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>&amp;Copy details</source>
        <translation>Einzelheiten &amp;kopieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For a bug report. Your name and your home folder are left out.</source>
        <translation>Für einen Fehlerbericht. Benutzername und persönlicher Ordner sind ausgelassen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Open the folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <location line="+63"/>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <location filename="../../desktop/panels/look_panel.py" line="+48"/>
        <source>Reset all</source>
        <translation>Alles zurücksetzen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the whole look</source>
        <translation>Alle Farbregler zurücksetzen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../../desktop/window.py" line="+153"/>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Hints</source>
        <translation>Farbhinweise</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Batch queue</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <location line="+99"/>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Hi&amp;nts</source>
        <translation>Farbhin&amp;weise</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>Tools</source>
        <translation>Werkzeugleiste</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <location filename="../../desktop/messages.py" line="+120"/>
        <source>The system did not allow this</source>
        <translation>Das System hat dies nicht erlaubt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Check the disk and your permissions, and try again.</source>
        <translation>Datenträger und Zugriffsrechte prüfen und erneut versuchen.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Something unexpected happened</source>
        <translation>Etwas Unerwartetes ist geschehen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Autochrome met an error that it was not prepared for: {error}</source>
        <translation>Autochrome ist auf einen unvorhergesehenen Fehler gestoßen: {error}</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Your photos are as they were. If it happens again, report it with the details below.</source>
        <translation>Die Fotos sind unverändert. Falls es wieder geschieht, bitte mit den Einzelheiten unten melden.</translation>
    </message>
</context>
<context>
    <name>ModelCardView</name>
    <message>
        <location filename="../../desktop/panels/model_card.py" line="+41"/>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
    <message>
        <location line="+30"/>
        <source>About this model, shown</source>
        <translation>Über dieses Modell, ausgeklappt</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>About this model, folded away</source>
        <translation>Über dieses Modell, eingeklappt</translation>
    </message>
    <message>
        <location line="+24"/>
        <source>Cannot be used</source>
        <translation>Nicht verwendbar</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <location filename="../../desktop/panels/model_choice.py" line="+102"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No model</source>
        <translation>Kein Modell</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>{name} (cannot be used)</source>
        <translation>{name} (nicht verwendbar)</translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <location filename="../../desktop/panels/model_facts.py" line="+65"/>
        <source>How near the colours come to the true ones, measured on colour photos that were made grey first. A photo that is left grey has 0 dB; more is nearer.</source>
        <translation>Wie nahe die Farben den echten kommen, gemessen an Farbfotos, die zuvor entfärbt wurden. Ein grau belassenes Foto hat 0 dB; mehr ist näher.</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Measured on {count} photos that it was not trained on.</source>
        <translation>Gemessen an {count} Fotos, mit denen nicht trainiert wurde.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>{gain} dB nearer to the true colours than grey</source>
        <translation>{gain} dB näher an den echten Farben als Grau</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>{gain} dB farther from the true colours than grey</source>
        <translation>{gain} dB weiter von den echten Farben entfernt als Grau</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>As near to the true colours as grey</source>
        <translation>Den echten Farben so nahe wie Grau</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Colourfulness {index} (0 is grey; true photos have about 40)</source>
        <translation>Farbigkeit {index} (0 ist Grau; echte Farbfotos haben etwa 40)</translation>
    </message>
    <message>
        <location line="+3"/>
        <location line="+2"/>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <location line="-1"/>
        <source>{share} % as strong as the true ones</source>
        <translation>{share} % so kräftig wie die echten</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Saturation {saturation}</source>
        <translation>Sättigung {saturation}</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{saturation}, evenness {evenness}</source>
        <translation>{saturation}, Gleichmäßigkeit {evenness}</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>What the model&apos;s colours are shown with unless you choose otherwise; the figures above are without it.</source>
        <translation>Damit werden die Farben des Modells gezeigt, solange nichts anderes gewählt ist; die Werte oben gelten ohne dies.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Shown with</source>
        <translation>Anzeige</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>Trained on</source>
        <translation>Training</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>{count} photos</source>
        <translation>{count} Fotos</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>{photos}, collections: {count}</source>
        <translation>{photos}, Sammlungen: {count}</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Network: {name}; it looks at photos at {side} × {side} pixels.</source>
        <translation>Netz: {name}; es betrachtet Fotos in {side} × {side} Pixeln.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Came with Autochrome</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Added by you</source>
        <translation>Selbst hinzugefügt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>{origin}; made {date}</source>
        <translation>{origin}; erstellt {date}</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>From</source>
        <translation>Herkunft</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <location filename="../../desktop/panels/model_panel.py" line="+68"/>
        <source>Add a model from a file…</source>
        <translation>Modell aus Datei hinzufügen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+126"/>
        <source>Remove this model</source>
        <translation>Dieses Modell entfernen</translation>
    </message>
    <message>
        <location line="-44"/>
        <source>A model is being loaded</source>
        <translation>Ein Modell wird geladen</translation>
    </message>
    <message>
        <location line="+31"/>
        <source>No model is chosen. Choose one of the list, or add one.</source>
        <translation>Kein Modell gewählt. Eines aus der Liste wählen oder hinzufügen.</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>This model came with Autochrome and cannot be removed</source>
        <translation>Mitgeliefertes Modell, nicht entfernbar</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Model weights</source>
        <translation>Modelldateien</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>Remove a model</source>
        <translation>Modell entfernen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Remove the model {name}?</source>
        <translation>Das Modell {name} entfernen?</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Its weight file is deleted from your models. Coloured photos stay.</source>
        <translation>Die Modelldatei wird aus den eigenen Modellen gelöscht. Kolorierte Fotos bleiben.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>ModelPurposes</name>
    <message>
        <location filename="../../desktop/purposes.py" line="+11"/>
        <source>Photographs of people, places and things, in natural colours.</source>
        <translation>Fotos von Menschen, Orten und Dingen, in natürlichen Farben.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>As photo, for weak machines: smaller and quicker.</source>
        <translation>Wie photo, für schwache Rechner: kleiner und schneller.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Photographs in full, lively colours, at the price of more mistakes.</source>
        <translation>Fotos in kräftigen, lebhaften Farben, um den Preis von mehr Fehlern.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Cartoons, comics and line art in flat colours.</source>
        <translation>Zeichentrick, Comics und Strichzeichnungen in flächigen Farben.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The smallest network that learns anything at all: a teaching example.</source>
        <translation>Das kleinste Netz, das überhaupt etwas lernt: ein Lehrbeispiel.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>U-Net without skips or padding, in RGB: shows what goes wrong, and why.</source>
        <translation>U-Net ohne Abkürzungen und Ränder, in RGB: zeigt, was schiefgeht und warum.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <location filename="../../desktop/flows/opening.py" line="+86"/>
        <source>Open a folder of photos</source>
        <translation>Fotoordner öffnen</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Open a photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <location line="+44"/>
        <location line="+131"/>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <location line="-87"/>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>There is no file or folder {path}.</source>
        <translation>Datei oder Ordner {path} nicht gefunden.</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Look whether it was moved.</source>
        <translation>Prüfen, ob etwas verschoben wurde.</translation>
    </message>
    <message numerus="yes">
        <location line="+16"/>
        <source>%n things were given; the first one is open.</source>
        <translation>
            <numerusform>%n Element übergeben; es ist geöffnet.</numerusform>
            <numerusform>%n Elemente übergeben; das erste ist geöffnet.</numerusform>
        </translation>
    </message>
    <message>
        <location line="+33"/>
        <source>A newer version of Autochrome wrote the hints of this photo. They stay.</source>
        <translation>Die Farbhinweise dieses Fotos stammen von einer neueren Version von Autochrome. Sie bleiben erhalten.</translation>
    </message>
</context>
<context>
    <name>PaletteBar</name>
    <message>
        <location filename="../../desktop/panels/hints/palette_bar.py" line="+48"/>
        <source>Add the colour in use to the palette</source>
        <translation>Aktuelle Farbe zur Palette hinzufügen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open a palette…</source>
        <translation>Palette öffnen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Save the palette…</source>
        <translation>Palette speichern…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Colours of the palette</source>
        <translation>Farben der Palette</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Colours to use again: open a palette, or add some.</source>
        <translation>Farben zum Wiederverwenden: eine Palette öffnen oder Farben hinzufügen.</translation>
    </message>
    <message>
        <location line="+56"/>
        <source>Palette</source>
        <translation>Palette</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Open a palette</source>
        <translation>Palette öffnen</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Save the palette</source>
        <translation>Palette speichern</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>Palettes</source>
        <translation>Paletten</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <location filename="../../desktop/canvas/compare.py" line="-89"/>
        <source>Take this one</source>
        <translation>Diese übernehmen</translation>
    </message>
    <message>
        <location line="+36"/>
        <source>Take {title}</source>
        <translation>{title} übernehmen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>{take} (key {number})</source>
        <translation>{take} (Taste {number})</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Photo coloured by {title}</source>
        <translation>Foto, koloriert mit {title}</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Colouring…</source>
        <translation>Wird koloriert…</translation>
    </message>
</context>
<context>
    <name>PhotoCount</name>
    <message numerus="yes">
        <location filename="../../desktop/library/count.py" line="+30"/>
        <source>%n coloured copies</source>
        <translation>
            <numerusform>%n kolorierte Kopie</numerusform>
            <numerusform>%n kolorierte Kopien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%n photos</source>
        <translation>
            <numerusform>%n Foto</numerusform>
            <numerusform>%n Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+2"/>
        <source>{shown} of %n coloured copies</source>
        <translation>
            <numerusform>{shown} von %n kolorierter Kopie</numerusform>
            <numerusform>{shown} von %n kolorierten Kopien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+2"/>
        <source>{shown} of %n photos</source>
        <translation>
            <numerusform>{shown} von %n Foto</numerusform>
            <numerusform>{shown} von %n Fotos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoList</name>
    <message>
        <location filename="../../desktop/library/photo_list.py" line="+371"/>
        <source>coloured copy</source>
        <translation>kolorierte Kopie</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>coloured</source>
        <translation>koloriert</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>failed: {cause}</source>
        <translation>fehlgeschlagen: {cause}</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>not coloured yet</source>
        <translation>noch nicht koloriert</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>has hints</source>
        <translation>mit Farbhinweisen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>has unsaved changes</source>
        <translation>mit ungespeicherten Änderungen</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>cannot be shown: {cause}</source>
        <translation>nicht darstellbar: {cause}</translation>
    </message>
</context>
<context>
    <name>PhotoMenu</name>
    <message>
        <location filename="../../desktop/library/menus.py" line="-23"/>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>&amp;Colour %n photos in the background</source>
        <translation>
            <numerusform>%n Foto im Hintergrund &amp;kolorieren</numerusform>
            <numerusform>%n Fotos im Hintergrund &amp;kolorieren</numerusform>
        </translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Colour the whole &amp;folder</source>
        <translation>Ganzen &amp;Ordner kolorieren</translation>
    </message>
    <message numerus="yes">
        <location line="+3"/>
        <source>Copy &amp;paths</source>
        <translation>
            <numerusform>&amp;Pfad kopieren</numerusform>
            <numerusform>&amp;Pfade kopieren</numerusform>
        </translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Show in file &amp;manager</source>
        <translation>Im &amp;Dateimanager zeigen</translation>
    </message>
</context>
<context>
    <name>PhotoSurface</name>
    <message>
        <location filename="../../desktop/canvas/surface.py" line="+284"/>
        <source>Original</source>
        <translation>Original</translation>
    </message>
</context>
<context>
    <name>PhotoView</name>
    <message>
        <location filename="../../desktop/canvas/view.py" line="+66"/>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>QualityControl</name>
    <message>
        <location filename="../../desktop/dialogs/quality.py" line="+29"/>
        <location line="+3"/>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
</context>
<context>
    <name>RecentFolders</name>
    <message>
        <location filename="../../desktop/dialogs/recent.py" line="+41"/>
        <location filename="../../desktop/library/recent.py" line="+34"/>
        <location line="+1"/>
        <location line="+25"/>
        <source>Recent folders</source>
        <translation>Letzte Ordner</translation>
    </message>
    <message>
        <location line="+22"/>
        <source>Open the folder {folder}</source>
        <translation>Ordner {folder} öffnen</translation>
    </message>
</context>
<context>
    <name>Restoring</name>
    <message>
        <location filename="../../desktop/flows/restoring.py" line="+204"/>
        <source>What you change about {name} is kept by Autochrome itself. {cause}</source>
        <translation>Änderungen an {name} bewahrt Autochrome selbst auf. {cause}</translation>
    </message>
</context>
<context>
    <name>SampleButton</name>
    <message>
        <location filename="../../desktop/dialogs/sample.py" line="+30"/>
        <source>Try it with this photo</source>
        <translation>Mit diesem Foto ausprobieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>A family on giant water lilies, 1892; photographer unknown, in the public domain</source>
        <translation>Eine Familie auf Riesenseerosen, 1892; Fotograf unbekannt, gemeinfrei</translation>
    </message>
</context>
<context>
    <name>SaturationControl</name>
    <message>
        <location filename="../../desktop/panels/saturation.py" line="+23"/>
        <location line="+1"/>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>How strong the colours are: 0 is grey, 1 is what the model proposes.</source>
        <translation>Wie kräftig die Farben sind: 0 ist Grau, 1 ist der Vorschlag des Modells.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the saturation</source>
        <translation>Sättigung zurücksetzen</translation>
    </message>
</context>
<context>
    <name>SaveAsDialog</name>
    <message>
        <location filename="../../desktop/dialogs/save_as.py" line="+60"/>
        <source>Save the coloured photo as</source>
        <translation>Koloriertes Foto speichern unter</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+172"/>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <location line="-170"/>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Keep the original&apos;s &amp;metadata (date, place, description)</source>
        <translation>&amp;Metadaten des Originals behalten (Datum, Ort, Beschreibung)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Mar&amp;k the file as synthetically coloured</source>
        <translation>Datei als synthetisch koloriert &amp;kennzeichnen</translation>
    </message>
    <message>
        <location line="+38"/>
        <source>Looking at the folder…</source>
        <translation>Ordner wird geprüft…</translation>
    </message>
    <message>
        <location line="+19"/>
        <source>F&amp;older:</source>
        <translation>&amp;Ordner:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>File &amp;name:</source>
        <translation>Datei&amp;name:</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Format:</source>
        <translation>&amp;Format:</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Quality:</source>
        <translation>&amp;Qualität:</translation>
    </message>
    <message>
        <location line="+57"/>
        <source>Give the file a name without slashes.</source>
        <translation>Einen Dateinamen ohne Schrägstriche eingeben.</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>A file of this name is there already.</source>
        <translation>Eine Datei dieses Namens ist schon vorhanden.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This is the original, which is never replaced. Choose another name.</source>
        <translation>Dies ist das Original; es wird nie ersetzt. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>A folder has this name. Choose another name.</source>
        <translation>Ein Ordner heißt so. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>There is no such folder.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>This place cannot be used: {cause}.</source>
        <translation>Dieser Ort ist nicht verwendbar: {cause}.</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>{name} is there already. Replace it?</source>
        <translation>{name} ist schon vorhanden. Ersetzen?</translation>
    </message>
</context>
<context>
    <name>SavingFlow</name>
    <message>
        <location filename="../../desktop/flows/saving.py" line="+100"/>
        <source>Every change is saved.</source>
        <translation>Alle Änderungen sind gespeichert.</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>Saving was stopped.</source>
        <translation>Speichern abgebrochen.</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>There are no colours to save yet.</source>
        <translation>Noch keine Farben zum Speichern.</translation>
    </message>
    <message>
        <location line="+45"/>
        <source>Saving {name}…</source>
        <translation>{name} wird gespeichert…</translation>
    </message>
    <message>
        <location line="+19"/>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
</context>
<context>
    <name>SavingPage</name>
    <message>
        <location filename="../../desktop/dialogs/settings_pages.py" line="-66"/>
        <source>As the original, where it can hold colours</source>
        <translation>Wie das Original, sofern es Farben fasst</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Keep the original&apos;s &amp;metadata (date, place, description)</source>
        <translation>&amp;Metadaten des Originals behalten (Datum, Ort, Beschreibung)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Mar&amp;k the files as synthetically coloured</source>
        <translation>Dateien als synthetisch koloriert &amp;kennzeichnen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Format:</source>
        <translation>&amp;Format:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Quality of JPEG and WebP:</source>
        <translation>&amp;Qualität von JPEG und WebP:</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>The mark tells other programs, and later owners, that the colours are not real.</source>
        <translation>Die Kennzeichnung sagt anderen Programmen und späteren Besitzern, dass die Farben nicht echt sind.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <location filename="../../desktop/dialogs/settings.py" line="+35"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Topics</source>
        <translation>Themen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Colouring</source>
        <translation>Kolorieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>SettingsFile</name>
    <message>
        <location filename="../../desktop/settings/file.py" line="+118"/>
        <source>It could not be set aside, so settings are not saved this time.</source>
        <translation>Sie ließ sich nicht beiseitelegen, daher werden Einstellungen diesmal nicht gespeichert.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It was kept as {file}, and the defaults are used.</source>
        <translation>Sie wurde als {file} aufgehoben; es gelten die Vorgaben.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>{file} is damaged.</source>
        <translation>{file} ist beschädigt.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{file} was written by a newer version of this program.</source>
        <translation>{file} stammt von einer neueren Version dieses Programms.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>{file} has values that cannot be used: {keys}.</source>
        <translation>{file} enthält unbrauchbare Werte: {keys}.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It was kept as {file}; these settings have their defaults again, and the others are as they were.</source>
        <translation>Sie wurde als {file} aufgehoben; diese Einstellungen haben wieder ihre Vorgaben, die übrigen sind unverändert.</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>{file} cannot be read: {cause}.</source>
        <translation>{file} ist nicht lesbar: {cause}.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The defaults are used, and settings are not saved this time.</source>
        <translation>Es gelten die Vorgaben, und Einstellungen werden diesmal nicht gespeichert.</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>The settings could not be written to {file}: {cause}.</source>
        <translation>Die Einstellungen ließen sich nicht in {file} schreiben: {cause}.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>They hold until the program is closed.</source>
        <translation>Sie gelten, bis das Programm beendet wird.</translation>
    </message>
</context>
<context>
    <name>SplitView</name>
    <message>
        <location filename="../../desktop/canvas/split.py" line="+53"/>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <location line="+58"/>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Coloured</source>
        <translation>Koloriert</translation>
    </message>
    <message>
        <location line="+103"/>
        <source>The divider stands at {percent} %. Shift and the arrow keys move it.</source>
        <translation>Die Teilung steht bei {percent} %. Umschalt und die Pfeiltasten verschieben sie.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <location filename="../../desktop/status.py" line="+29"/>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Stop (Esc)</source>
        <translation>Abbrechen (Esc)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Stop what is going on</source>
        <translation>Laufenden Vorgang abbrechen</translation>
    </message>
    <message>
        <location line="+73"/>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Where the colours are computed</source>
        <translation>Gerät, das die Farben berechnet</translation>
    </message>
</context>
<context>
    <name>TemperatureControl</name>
    <message>
        <location filename="../../desktop/panels/temperature.py" line="+23"/>
        <location line="+1"/>
        <source>Temperature</source>
        <translation>Farbtemperatur</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Below 0 the picture is cooler and bluer, above 0 warmer and yellower.</source>
        <translation>Unter 0 wird das Bild kühler und blauer, über 0 wärmer und gelber.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the temperature</source>
        <translation>Farbtemperatur zurücksetzen</translation>
    </message>
</context>
<context>
    <name>ThumbnailGrid</name>
    <message>
        <location filename="../../desktop/library/grid.py" line="+102"/>
        <source>Photos of the folder</source>
        <translation>Fotos des Ordners</translation>
    </message>
</context>
<context>
    <name>ToolRow</name>
    <message>
        <location filename="../../desktop/panels/hints/tool_row.py" line="+42"/>
        <source>Brush: paint a colour</source>
        <translation>Pinsel: Farbe malen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Eraser: take hints away</source>
        <translation>Radierer: Farbhinweise entfernen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Pick a colour from the photo</source>
        <translation>Farbe aus dem Foto aufnehmen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Select and move hints</source>
        <translation>Farbhinweise auswählen und verschieben</translation>
    </message>
</context>
<context>
    <name>VariantRow</name>
    <message>
        <location filename="../../desktop/panels/variant_row.py" line="+75"/>
        <source>Variant</source>
        <translation>Variante</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Compare the variants side by side</source>
        <translation>Varianten nebeneinander vergleichen</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Automatic variant</source>
        <translation>Automatische Variante</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The model mixes its variants as it finds likely</source>
        <translation>Das Modell mischt seine Varianten nach Wahrscheinlichkeit</translation>
    </message>
    <message>
        <location line="+38"/>
        <source>Variant {number}</source>
        <translation>Variante {number}</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The likeliest colouring</source>
        <translation>Die wahrscheinlichste Kolorierung</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Another likely colouring</source>
        <translation>Eine weitere wahrscheinliche Kolorierung</translation>
    </message>
</context>
<context>
    <name>VibranceControl</name>
    <message>
        <location filename="../../desktop/panels/vibrance.py" line="+23"/>
        <location line="+1"/>
        <source>Vibrance</source>
        <translation>Dynamik</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Makes muted colours stronger, or weaker, and leaves vivid ones alone.</source>
        <translation>Macht gedämpfte Farben kräftiger oder schwächer und lässt kräftige unberührt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Reset the vibrance</source>
        <translation>Dynamik zurücksetzen</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <location filename="../../desktop/dialogs/welcome.py" line="+61"/>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open a f&amp;older…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open a &amp;photo…</source>
        <translation>&amp;Foto öffnen…</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>You can also drop photos and folders here, or paste a picture.</source>
        <translation>Fotos und Ordner lassen sich auch hier ablegen, Bilder einfügen.</translation>
    </message>
    <message>
        <location line="+35"/>
        <source>Colour for black-and-white photographs</source>
        <translation>Farbe für Schwarzweißfotos</translation>
    </message>
</context>
<context>
    <name>WhiteBalanceControl</name>
    <message>
        <location filename="../../desktop/panels/white_balance.py" line="+31"/>
        <location line="+1"/>
        <source>Automatic white balance</source>
        <translation>Automatischer Weißabgleich</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Takes a colour cast over the whole picture away.</source>
        <translation>Entfernt einen Farbstich, der über dem ganzen Bild liegt.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Reset the white balance</source>
        <translation>Weißabgleich zurücksetzen</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <location filename="../../desktop/panels/wording.py" line="+27"/>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>{count} parameters</source>
        <translation>{count} Parameter</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>{count} million parameters</source>
        <translation>{count} Mio. Parameter</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>{rate} photos a second</source>
        <translation>{rate} Fotos je Sekunde</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{seconds} s a photo</source>
        <translation>{seconds} s je Foto</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>{days} d {hours} h</source>
        <translation>{days} T. {hours} h</translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <location filename="../../desktop/commands.py" line="+57"/>
        <source>Change of look</source>
        <translation>Farbregler ändern</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>Choice of colours</source>
        <translation>Farbwahl</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>Painting of a hint</source>
        <translation>Farbhinweis malen</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Moving of a hint</source>
        <translation>Farbhinweis verschieben</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Recolouring of a hint</source>
        <translation>Farbhinweis umfärben</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Deletion of a hint</source>
        <translation>Farbhinweis löschen</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>Erasing of hints</source>
        <translation>Farbhinweise radieren</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Clearing of the hints</source>
        <translation>Alle Farbhinweise löschen</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Pasting of hints</source>
        <translation>Farbhinweise einfügen</translation>
    </message>
</context>
<context>
    <name>operations</name>
    <message>
        <location filename="../../desktop/operations.py" line="+208"/>
        <source>{photo} is no longer there.</source>
        <translation>{photo} ist nicht mehr da.</translation>
    </message>
    <message>
        <location filename="../../desktop/hint_operations.py" line="+74"/>
        <source>{photo} has no colours.</source>
        <translation>{photo} hat keine Farben.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Choose a photo in colour of something similar.</source>
        <translation>Ein Farbfoto von etwas Ähnlichem wählen.</translation>
    </message>
</context>
</TS>
