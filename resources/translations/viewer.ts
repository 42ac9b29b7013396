<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
<context>
    <name>viewer</name>
    <message>
        <source>Nothing is claimed: the model carries no certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is claimed of whole clips: the model carries no certificate for them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be told whether the picture is of the kind the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{share} pictures of that kind look at least as unusual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlike those the model knows: {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unusual for this model: only {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>like those the model knows: {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be told whether the picture was prepared as those the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{share} of those deviate at least as much in brightness, contrast and colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not prepared as the pictures the model knows: {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hardly prepared as the pictures the model knows: only {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>prepared as the pictures the model knows: {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Claim</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green claims</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red claims</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missed critical cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class by class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at least half of red answers are wrong, {confidence} confidence ({errors} of {count} were on the groups it was tested on)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>or</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cases} of {count} green answers for other classes were {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{counted}; no limit to this share is certified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{counted}; at most {limit}, {confidence} confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} ({errors} of {count} green answers wrong)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the claim holds for green answers together, for no class on its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the claim also holds on its own for {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{held}; not for {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Combined trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be told.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Here {trust}; no threshold is certified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green from {trust}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>red up to {trust}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Here {trust}; {places}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kept back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Graphics of the file hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W {width}   L {level}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>turned {angle}°</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inverted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are not two scores of the answer to compare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scores disagree: {high} trusts {what}, {low} does not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scores differ: {high} trusts {what} most, {low} least.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scores agree: they trust {what} {degree}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two scores differ by {points} on average.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: trust {trust}, higher than {share} of the pictures the model was fitted on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No ensemble: one network answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both networks say {answer}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All {count} networks say {answer}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{same} of {count} networks say {answer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} says {answer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{same} of {count} neighbouring frames say the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more than usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about as usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>less than usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the cases here have drifted from those the model was calibrated on: {moved}; {withdrawn}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its claim is withdrawn until somebody recalibrates it or starts again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more {kind} than usual ({here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>less {kind} than usual ({here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more cases with “{kind}” ({here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fewer cases with “{kind}” ({here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>less trust in the answers (half above {here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more trust in the answers (half above {here} since about case {since}, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pictures are unlike those of the calibration ({here} of the cases since about case {since} are unusual, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness, contrast or colours differ from those of the calibration ({here} of the cases since about case {since} are unusual, {calibration} in the calibration)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pictures differ from those of the calibration, each within what is usual, since about case {since}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness, contrast or colours differ from the calibration, each within what is usual, since about case {since}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be compared: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cases} of the {needed} cases that a comparison takes at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sign that the {cases} cases here differ from those of the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs that the cases here differ, not enough for an alarm ({odds} to 1; the alarm asks for 20)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alarm after case {case}: the cases here have drifted from those of the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {share} of sites where nothing has changed ever see this alarm. It says different, not why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kind of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness, contrast and colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cases} cases here, {groups} groups in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lights by the numbers alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evidence that something has changed, to one; the alarm asks for 20</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lowest: {title}, as low in {share} calibration pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lowest: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of them: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} more like it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disabled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switched off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not calibrated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at the detector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on the scanned film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PixelSpacing, magnification unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the ultrasound regions belong to a picture of another size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it leaves its ultrasound region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it lies outside the ultrasound regions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it lies in ultrasound regions that measure differently</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the outline crosses itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>two points coincide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lung</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models and memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Graphics card (GPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dermoscopy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X-ray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De-identified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the frames around it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This frame has no place on the map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes of the {n} marks nearest to this frame: {told}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {n} frames of the path pass, in order: {told}; this frame is number {here}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it reaches the edge of what was seen and may be larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lungs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lesion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>given by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn by {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}: {share} of the picture, {area} ({notes}); {who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perimeter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{channel} {mean}   SD {sd}   min {low}   max {high}   n {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>padding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{share} are as unlike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: {value}, most others {low} to {high}; {share}: {words}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the network sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what the network gets: {side} × {side} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what the network would get: {side} × {side} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What preparing the picture would change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answers rest on the last picture, and on nothing else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model does none of it: its answers rest on the picture above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark corners cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark hairs painted over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tint of the lamp taken out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no dark corners found: nothing cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no dark hairs found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}; {share} of the picture left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}: {share} of the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}: red {red}, green {green}, blue {blue}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slow, shown only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing anywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the same everywhere ({value})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>upper left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>upper right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>centre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lower left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lower right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>highest: {place} ({value})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lowest: {place} ({value})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suitable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsuitable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing here speaks against using the model for such pictures. How often it is right here is not known without diagnoses: viewer evaluate measures it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not rely on the model here before it has been evaluated on such pictures with known diagnoses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not use the model for these pictures as they are. Look first for what is wrong with them: another kind of picture, exchanged colours, an inversion, a wrong preparation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{elsewhere} of {n} pictures say that they show something else than {made_for}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model has no way to tell pictures of another kind: {detail}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what tells pictures of another kind gave no answer to {silent} of {n} pictures: a plugin failed, or was too slow on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model keeps too few calibrated patients to compare with ({calibrated}; {needed} are needed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too few pictures to tell: {groups} patients or files, {needed} are needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>most pictures are unlike those the model knows: {flagged} are flagged, {usual} in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pictures are of another kind than those the model knows: {kind} pairs find the picture here stranger than that of the calibration, 50 of 100 would be alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness, contrast or colours are others than the model knows, as after a wrong preparation: {look} pairs find the picture here stranger than that of the calibration, 50 of 100 would be alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>together, the pictures are brighter, darker or of other contrast or colours than any the model knows (p = {folder_p})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more pictures than usual are unlike those the model knows: {flagged} are flagged, {usual} in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pictures differ from those the model knows, though most of them little: {kind} pairs find the picture here stranger than that of the calibration, 50 of 100 would be alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brightness, contrast or colours differ from those the model knows, though mostly little: {look} pairs find the picture here stranger than that of the calibration, 50 of 100 would be alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pictures are like those the model knows: {flagged} are flagged, {usual} in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} pictures of {groups} patients or files were compared with {calibrated} of the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looked at {files} of {all} files, spread evenly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flagged: {here} here ({low}–{high}), {usual} in the calibration ({least}–{most})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all metrics together: p = {p}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>could not be read: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>without an image: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stranger here, pairs of 100</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the two, {first} suits these pictures better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the two, {second} suits these pictures better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neither of the two suits these pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No difference could be shown in how well the two suit these pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{second}: {verdict}, {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>both give the same answer to {share} ({low}–{high}) of the pictures, classes of the same name only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the two know no class of the same name in common, so that their answers cannot be compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>where they look correlates by {middle} in half of the pictures (0: elsewhere, 1: at the same place)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decides on the kind of picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in this picture: it is unlike those the model knows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in this picture: no green light is certified for this model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amber above a combined trust of {red}; here {trust}. Green from {green}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green down to a combined trust of {green}; here {trust}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green only for a picture more like those the model knows; its combined trust of {trust} is enough.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green only for a picture more like those the model knows, from a trust of {green}; here {trust}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green from a combined trust of {green}; here {trust}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adds {points}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not green even at 100 %{others}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green whatever it says{others}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green from {least}{others}: {points} above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green from {least}{others}: {points} short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score} could fall to {least}, here {here}{others}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No single score could lift it that far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score} would have to reach {least}, here {here}{others}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, the others as they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing in this picture: the model carries no certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing in this picture: no green light is certified, and none could be certified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing in this picture: no green light is certified, and about {count} more labelled cases are needed to certify one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a light takes an answer from: {scores}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the certificate speaks of the classifier&apos;s own answer, which a second opinion has changed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a light takes a picture that was prepared as those the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing the scores say, as long as the reason above holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research software, not a medical device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability of AI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI reliable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI unreliable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI not judged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>withheld</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is the answer likely right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is the picture of the kind the model knows?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first}–{last} {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {n} further parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frames {parts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of 100</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fewer than 1 of 100</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no answer: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {n} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing the opened files with those the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assessing the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kind of picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window: dark, light or high-contrast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of letters in per cent, 80 to 200.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window, e.g. de; empty for the system&apos;s. English where there is no translation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where models run: auto (GPU when there), cpu or cuda.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models run on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for decoded frames, in megabytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for the evidence of assessed frames, in megabytes; a second model takes as much again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for evidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames of a clip that are assessed, and written, at a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames at a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dropout samples of the head for the uncertainty scores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dropout samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds a plugin may take for one call before it is switched off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time for a plugin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What JPEG and PNG files show, e.g. dermoscopy; empty to be asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File that reviews are kept in, on a local disk; empty for reviews.db in the user&apos;s data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Journal of reviews</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the class and its probabilities back where the AI is unreliable, until you ask to see them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Withhold unreliable answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep back everything the AI says about a picture until you have confirmed your own answer to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show neutral names in place of everything that tells whose a picture is; words in the pixels stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De-identified display</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was open last time, at a start without files: ask whether to open it, always open it, or never.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open what was open last time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show beside what the network sees what cutting off dark corners, painting over hairs and taking out the lamp&apos;s tint would change, where a model does none of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try preparing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep what models answered to each case here, without names and on this computer alone, and make every light grey once the cases have drifted from those a model was calibrated on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch this site for drift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the slow scores and explanations too: they run the model over every picture once or twice more, so that an answer takes two to three times as long. They change no light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slow scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plugins that are not loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plugins switched off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of each plugin, by its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of plugins</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open pictures, clips, DICOM files or archives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open everything in a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open evaluated cohort …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder that viewer evaluate wrote: map and table of its cases, right and wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open last session again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export reviews …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write everything readers recorded as CSV, HTML or JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back the last step on this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do again what was taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark this frame as key image, or take the mark away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the label of the chosen shape; Enter does it too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the chosen shape away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete all on the frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take away everything drawn on this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the next shape on this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the shape before on this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next handle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a handle, or after the last all of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the shape or handle; with Shift, far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it right; with Shift, far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it up; with Shift, far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it down; with Shift, far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pointer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose shapes and drag them; beside them, move the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag or click twice; Enter places one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a leg, the vertex and the other leg</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag two lines; their angle is measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area and values of an ellipse; Shift for a circle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area and values of a rectangle; Shift for a square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click its corners; double click or Enter closes it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag from the tail to the head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click, write, Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First frame of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last frame of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous clip or picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next clip or picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous without answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous clip or picture that nobody has answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next without answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next clip or picture that nobody has answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the previous case of the cohort that is wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the next case of the cohort that is wrong and trusted, the most trusted first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play or pause the clip at its own pace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again at the end of the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop no frame: each waits until the one before has been shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play at half the speed, ¼× at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play at twice the speed, 4× at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range from here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play from this frame on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range up to here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play up to this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the whole clip again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next doubtful run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next frames that are not green or that failed; where frames carry no light, those with a trust more than 10 points below the clip&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous doubtful run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubtful frames before this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest a frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame of the highest trust with the answer of the clip, in the range where one is set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1:1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture pixel per screen pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in; the wheel zooms to the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the picture a quarter to the left, on screen only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the picture a quarter to the right, on screen only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip sideways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exchange left and right on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exchange top and bottom on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to change brightness and contrast; the right button always does, twice clicked it goes back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exchange black and white on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window by numbers …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set centre and width of the window as numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corner text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text, directions and scale over the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Graphics of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide what the file draws over its picture; the AI sees it all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show neutral names in place of what tells whose picture it is; words in the pixels stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file&apos;s own brightness, contrast and direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide every overlay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show withheld answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the AI&apos;s answer although it is kept back here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep back all the AI says until you have confirmed your answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the light rests on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open or close the claim behind the light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark, light or high contrast, one after the other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger letters and signs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller letters and signs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Letters and signs in their usual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put every panel back to where it was at the first start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show one picture alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show two pictures beside each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Four</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show four pictures in two rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next picture beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work in the next of the pictures side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the other pictures follow in all, or in nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other clips go on by as many frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other pictures are zoomed and moved alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other pictures of the kind get the same window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies and series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the list of studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the light, the probabilities and the scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explanations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show why: overlays, charts, tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the numbers of every assessed frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disagreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show where scores, networks and nearby frames differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give your own answer to the frame or clip on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show every study, how far its reading is, and what is left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything drawn on the clip, with its values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluated cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show map and table of an evaluated cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cohort in a window of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the cohort out of the window, to another screen perhaps, or put it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the cases seen here against the model&apos;s calibration, and whether they have drifted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark the study on screen as done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study is in review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark the study on screen as in review again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study is unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark the study on screen as unread again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assess this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assess the clip again, or go on after cancelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with a second model …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let another model look at the same pictures, or no longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masks by another model …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let another model draw lesion or organ in the same pictures, or no longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masks from a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take masks from a folder: pictures called as theirs, bright inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to my references …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the picture on screen with what it truly shows, to compare others with; list and remove what was kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify the model on these files …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the opened files with those the model was calibrated on: does it suit them?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop what is running in the background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the viewer looks and works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plugins …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which plugins there are and how they fare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List every key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this is for, what the lights mean, where data are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this is, and what it is not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 1 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 2 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 3 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 4 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 5 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 6 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 7 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 8 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset 9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window 9 of the list of presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame {n} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip as a whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NOT SAVED:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer first: then the AI is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The AI&apos;s answer has been on screen here: yours counts as final.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First answer kept: {answer}. Confirm or change it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First answer kept: {answer}. The AI says {ai}. Confirm or change yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirmed:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows to choose from: of the file, and usual ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture, or several side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with a second model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Second model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A second model looks at the same pictures. Its answers are shown beside those of {name}; they change no answer and no light. Every picture takes as long as both need.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other model is made for such pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} {version}: knows {shared} of the {every} answers of {first}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words on the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words, without names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop pictures, clips, DICOM files or folders here
or press Ctrl+O</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first}, and {n} more cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take this sentence away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubtful frames are told once you have confirmed your own answer to the whole clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of {all} frames are not assessed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No frame is suggested before the clip is assessed: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No frame is suggested while the answer of the clip is withheld: it would tell it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No frame can stand for this clip: none has its answer, a trust and no light against it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggested: {frame}, with the highest trust ({trust}) of {n} frames that have the clip&apos;s answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> in the range {first}–{last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; single frames carry no light, so nothing is claimed of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {first}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frames {first} to {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} cannot be assessed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trust more than {low} points below the clip&apos;s {mean}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trust not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doubtful: {where} of {all}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No doubtful run after this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No doubtful run before this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No doubtful frame so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No doubtful frame in this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other picture of the list is without an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font and colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open evaluated cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assessing this frame …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled; press F5 to assess this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows what an image classifier says, and whether it can be trusted for the picture at hand. A light is never a diagnosis: it speaks about the AI, not about the patient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking up versions and licences …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Component</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About the reliability viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Components and licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all of this as text, for a report of a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export reviews</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} entries of the reviews are in {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not for diagnosis or treatment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A light speaks of the AI, never of the patient: red does not mean malignant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Such answers are certified to be right as often as is stated beside the light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is certified; this answer does not reach what green takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Half of such answers or more are wrong, or the picture is unlike those the model knows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing may be claimed; the sentence beside it says what is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures stay where they are and are never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your answers and drawings: {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list of what was opened; what the AI answered to each case, without names; and reports of faults, which hold no patient&apos;s data: {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I &amp;understand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the lights mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where data are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My references</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the picture truly shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the file says; else the file stands for a patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add this picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own pictures are shown beside similar ones, and where {name} looks in them beside where it looks here. They change no answer and no light. Kept on this computer alone: what the network sees, a small copy, the class and where the file lies; of the patient a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not listed while the display is de-identified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {classes}, added {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plugin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switching a plugin on or off takes effect the next time the viewer starts. What is slow is only asked where the setting Slow scores is on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No plugin is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>known once loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fault of the viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It could not be written to disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset {setting}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Default: {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every setting back to its default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the reset back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom to the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left drag, middle drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brightness and contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right button twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file&apos;s own brightness and contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it; at a handle, change it; with Shift, straight or square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click a shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write its label; Enter does it for the chosen one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop files or folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on the light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it rests on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explain that class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or drag on the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to that frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag an end of the range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose what is played</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a row of the frame table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a picture side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search commands and keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No command has these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the whole list as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print the whole list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Median here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Less usual, of 100</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing the opened files with those the model was calibrated on …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. Nothing was found out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does the model suit these files?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every metric here and in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop comparing; reading goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the report with pictures into a folder, and open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Centre of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Centre (level)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On screen only: the AI sees the file&apos;s own display.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go &amp;there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the answer, to confirm it (Alt+T)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close &amp;without</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close, and drop what is not confirmed (Alt+W)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your answer to {where} is not confirmed. Closing the viewer drops it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of your answers are not confirmed, the last to {where}. Closing the viewer drops them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}: what was drawn and marked before cannot be shown: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}: entries on drawings or key images that cannot be shown here: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The map was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Truth and answers under red are kept back (cases: {n}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read first: truth and the AI&apos;s answers of the {n} cases of this cohort are kept back while that mode is on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This cohort holds no features, so that there is no map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No case of this cohort is wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong and trusted: {place} of {all}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show truth and answers of this cohort, whatever is kept back elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluated with {model} {version}; opened pictures are judged by {other} {its}, which may differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Judge opened pictures by the model of the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cohort} · {n} cases · {model} {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in the viewer. What you confirmed is safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The viewer ended unexpectedly last time. What you confirmed is safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read what is known of it (Alt+R)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the report; it holds no names (Alt+Y)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report stays on disk (Alt+D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings cannot be written to {file} ({why}); they hold until the viewer is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel values …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model runs on the processor (CPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model runs on the graphics card (GPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>arrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>★ Key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unmark key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masks by another model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model that draws masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another model draws lesion or organ in the same pictures, in place of {name}. Its masks change no answer and no light. Every picture takes as long as both need.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other model draws masks of such pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: {name} draws its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>masks by {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} {version}: draws {shows}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the files first that the model is to be verified on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report is {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file does not say what it shows; say it above, or choose a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}: it holds no image ({kind})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, frame {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept on disk. Your pictures of {name}: {count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed. The pictures themselves stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You work in this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place}: the AI speaks of this picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place}: without the AI; click to work here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say what it shows …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Second model, which is compared with; press to choose another, or none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What draws masks; press to choose another model, or none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the picture shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model that assesses the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research software, not a medical device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the file says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file does not say what it shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Second model: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masks: {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip: not assessed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its light appears with the last frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the AI&apos;s answer is shown after yours to the whole clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip: your answer first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show AI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the AI&apos;s answers to the clip and its frames before you have given yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip: {light}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the clip&apos;s class although the AI is unreliable here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trust {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>answer withheld, {trust}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not the same throughout: {course}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, {share} on average, {trust}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scores are compared once this frame is assessed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This frame cannot be assessed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>share of known pictures with less trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers of the model&apos;s networks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers to the neighbouring frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot be assessed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not assessed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Networks of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neighbouring frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other cells: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the final answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explanations appear with the first assessed picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No explainer is installed or enabled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Withheld together with the answer: the AI is unreliable here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown with the AI&apos;s answer, once you have confirmed your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class that is explained</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class whose evidence is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For showing only: near points look similar to the network; how far clusters lie apart means nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No cohort is open. Open one that viewer evaluate wrote with --html: File › Open evaluated cohort …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map of the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour points by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases of which true class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases of which outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases under which light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show every point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the pictures of the chosen cases in the list of studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong and trusted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of {all} cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {n} cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right or wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>True class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to move the map; with Shift, to gather points. The wheel zooms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw around points to open their pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw a rectangle over points to open their pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the map of the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the table of the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legend: a click leaves a kind out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}: {n} cases, {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to show it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Case {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, frame {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Truth and answer are withheld</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Truth: {truth}. AI: {answer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust {trust}. {light}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases of the cohort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In what the frames on the map are alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legend: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI answer withheld: it is unreliable here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No light yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this light rests on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI answer: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm your own answer (5): then the AI&apos;s is shown, with its light and its reasons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your answer first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show AI without answering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the AI&apos;s answer before you have given yours; the journal says so (A)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, trust {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AI answer, not to be relied on: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the class and its probabilities although the AI is unreliable here (A)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the weights the model was calibrated with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is drawn here yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of {overlay}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of {overlay}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity over the picture; the picture itself is never altered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that could not be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These could not be read; everything else is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files could not be opened; the last: {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture has been assessed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the answer likely right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does the model know such pictures?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class probabilities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a class to explain it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would change the light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not answered yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Agree with AI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the AI&apos;s class as your answer (Alt+A)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note, without names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note to your answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confir&amp;m</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this answer in the journal of reviews (Alt+M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confir&amp;m first answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First answers: {agreed} of {first} agreed with the AI, {changed} changed, {open} open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First answers: {open} open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of one first answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of {n} first answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} {n} agreed with the AI; you changed {changed}, {to_ai} to the AI&apos;s class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First answers not yet confirmed or changed: {n}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>answer first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of {all} answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key images: {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which pictures are listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model has answered yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The cases seen here are not kept: see the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again? The cases so far count no more, and an alarm ends. Do that once the cause is known and put right, or the model has been tested on such cases.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lowest fifth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>middle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fourth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>highest fifth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lights by the numbers alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the cases so far count no more; asks before it does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evidence that something has changed, to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers: here, calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lights by the numbers alone: here, calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust, by fifths of the calibration: here, calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: probability {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>click or Enter folds them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>click or Enter opens them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the clip runs; dropped frames came due and were never shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times the clip&apos;s own pace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no timing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to choose what is played</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not assessed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown after your answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trust {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suggested to stand for the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with the next frame the clip goes over to another class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with this frame the clip goes over to another class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start of the range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>end of the range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>outside the range that is played</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again to write to the journal of reviews (Alt+S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One entry is NOT SAVED: {why}. Closing the viewer loses what is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} entries are NOT SAVED: {why}. Closing the viewer loses what is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What if the scores weighed otherwise?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move a slider to see the trust with other weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertified what-if. The light, the tables and the files stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What-if weight of {score}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of {score} in the what-if; the model&apos;s own is {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to the model&apos;s weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertified what-if: no trust, since a score that would weigh gave no answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertified what-if: no trust, since no score would weigh anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertified what-if: trust {trust}; the model&apos;s own cannot be told.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertified what-if: trust {trust} instead of {own}. No light follows from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark the chosen study as done (Ctrl+Return for the one on screen)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;In review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen study is in review again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen study is to be read as if for the first time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find and sort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies in which state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies with a picture under which light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No study yet: what is opened is listed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not open: {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} dropped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} behind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Less contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Much brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Darker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic, from this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not shown while the display is de-identified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing opened yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget these, and what was open last time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}   (not found)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the same files, at the same place (Ctrl+Shift+T)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin with an empty window (Alt+N); the File menu opens it later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last time: {studies}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last time: {studies}, {clip} at frame {frame}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reviews cannot be read: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NOT SAVED: {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving … {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{work}: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names, parted by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take these options over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no TOML: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evidence of a change: {now} to 1 after {cases} cases; the alarm asks for {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>alarm ({limit} to 1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>case {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or Enter opens the whole picture beside the one on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or Enter shows it larger; the whole picture is not at hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enlarged: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legend: {low} to {high} {unit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop making the map; the table stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lay the cases out by what the network sees in them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the map: {n} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel under the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column and row of the pixel under the mouse, from 0 as stored, and its value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after your answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} {here}, {calibration} in the calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {here} here ({low}–{high}), {calibration} in the calibration ({least}–{most})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
