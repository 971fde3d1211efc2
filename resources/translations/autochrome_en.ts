<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ErrorDialog</name>
    <message numerus="yes">
        <location filename="../../desktop/dialogs/error.py" line="+81"/>
        <source>%n more errors since; they are in the log.</source>
        <translation>
            <numerusform>%n more error since; it is in the log.</numerusform>
            <numerusform>%n more errors since; they are in the log.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Guidance</name>
    <message numerus="yes">
        <location filename="../../desktop/flows/hint_guidance.py" line="+78"/>
        <source>%n places are numbered where a hint would help most.</source>
        <translation>
            <numerusform>%n place is numbered where a hint would help most.</numerusform>
            <numerusform>%n places are numbered where a hint would help most.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HintList</name>
    <message numerus="yes">
        <location filename="../../desktop/panels/hints/hint_list.py" line="+64"/>
        <source>{color}, stroke of %n points</source>
        <translation>
            <numerusform>{color}, stroke of %n point</numerusform>
            <numerusform>{color}, stroke of %n points</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HintTransfer</name>
    <message numerus="yes">
        <location filename="../../desktop/flows/hint_transfer.py" line="+70"/>
        <source>%n hints were copied.</source>
        <translation>
            <numerusform>%n hint was copied.</numerusform>
            <numerusform>%n hints were copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+42"/>
        <source>%n hints were added.</source>
        <translation>
            <numerusform>%n hint was added.</numerusform>
            <numerusform>%n hints were added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HintView</name>
    <message numerus="yes">
        <location filename="../../desktop/panels/hints/hint_view.py" line="+173"/>
        <source>%n hints</source>
        <translation>
            <numerusform>%n hint</numerusform>
            <numerusform>%n hints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message numerus="yes">
        <location filename="../../desktop/flows/opening.py" line="+216"/>
        <source>%n things were given; the first one is open.</source>
        <translation>
            <numerusform>%n thing was given; it is open.</numerusform>
            <numerusform>%n things were given; the first one is open.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoCount</name>
    <message numerus="yes">
        <location filename="../../desktop/library/count.py" line="+30"/>
        <source>%n coloured copies</source>
        <translation>
            <numerusform>%n coloured copy</numerusform>
            <numerusform>%n coloured copies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%n photos</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+2"/>
        <source>{shown} of %n coloured copies</source>
        <translation>
            <numerusform>{shown} of %n coloured copy</numerusform>
            <numerusform>{shown} of %n coloured copies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+2"/>
        <source>{shown} of %n photos</source>
        <translation>
            <numerusform>{shown} of %n photo</numerusform>
            <numerusform>{shown} of %n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoMenu</name>
    <message numerus="yes">
        <location filename="../../desktop/library/menus.py" line="+44"/>
        <source>&amp;Colour %n photos in the background</source>
        <translation>
            <numerusform>&amp;Colour %n photo in the background</numerusform>
            <numerusform>&amp;Colour %n photos in the background</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location line="+5"/>
        <source>Copy &amp;paths</source>
        <translation>
            <numerusform>Copy &amp;path</numerusform>
            <numerusform>Copy &amp;paths</numerusform>
        </translation>
    </message>
</context>
</TS>
