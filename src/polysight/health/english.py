"""Findings in English: what each says, and what to do."""

#: Stable words that facts hold.
ENGLISH_WORDS = {
    "label": "names the label",
    "folder": "its folder",
    "pattern": "its pattern",
    "suffix": "its suffix",
    "bytes": "bytes on disk",
    "date": "date of the file",
    "pixels": "width times height",
    "shape": "width over height",
    "camera": "camera or software",
    "taken": "date taken",
    "name": "names of persons",
    "phone": "telephone numbers",
    "email": "e-mail addresses",
    "id_card": "identity numbers",
    "birth": "dates of birth",
    "address": "postal addresses",
    "skill": "tells",
    "area": "AUC",
    "columns": "columns",
    "rows": "rows",
    "fix": "fix",
}

#: Code: (message, fix).
ENGLISH = {
    "unreadable_files.pass": ("Every filled cell can be read.", ""),
    "unreadable_files.found": (
        "{cells} filled cells cannot be read: {reasons}.",
        "Copy the files again or correct the cells; until then they are missing inputs.",
    ),
    "unreadable_files_in_test.pass": ("Every filled cell of the test table can be read.", ""),
    "unreadable_files_in_test.found": (
        "{cells} filled cells of the test table cannot be read, in its rows {rows}.",
        "Copy the files again or correct the cells; until then they are missing inputs.",
    ),
    "missing_labels.pass": ("Every row has a label.", ""),
    "missing_labels.found": (
        "{rows} rows have no label; training leaves them out.",
        "Fill in the label or remove the rows.",
    ),
    "class_balance.pass": (
        "Classes are in balance: {most} rows of {commonest}, the commonest, and {least} of {rarest}, the rarest.",
        "",
    ),
    "class_balance.found": (
        "Classes are out of balance: {most} rows of {commonest} and {least} of {rarest}.",
        "Read recall by class and macro averages, not accuracy; collect more rows of rare classes.",
    ),
    "rare_classes.pass": ("Every class has rows enough for every fold.", ""),
    "rare_classes.alone": (
        "Classes of a single row, which cannot be learned and judged both: {classes}.",
        "Add rows of these classes, merge them with others, or remove them.",
    ),
    "rare_classes.found": (
        "Classes of fewer rows than there are folds ({folds}): {classes}.",
        "Add rows, or merge these classes with others; what is said of them rests on very few rows.",
    ),
    "rare_classes.in_few_groups": (
        "Classes in fewer groups than there are folds ({folds}): {classes}.",
        "Add rows of other groups; how well these classes are known in new groups cannot be judged.",
    ),
    "unseen_classes.pass": ("Every class of the test table is in training.", ""),
    "unseen_classes.found": (
        "The test table has classes that training never sees: {classes}; its {rows} rows of them count as wrong.",
        "Correct how these labels are spelled, or add rows of these classes to training.",
    ),
    "constant_columns.pass": ("No column is empty or holds one value only.", ""),
    "constant_columns.found": (
        "Columns that are empty or hold one value only, so that nothing can be learned from them: {columns}.",
        "Training leaves them out; to say so: {options}",
    ),
    "id_columns.pass": ("No column numbers or names the rows.", ""),
    "id_columns.found": (
        "Columns that number the rows or name each differently: {columns}. A model could only learn them by heart.",
        "Training leaves them out; to say so: {options}",
    ),
    "unread_columns.pass": ("Every other column can be read.", ""),
    "unread_columns.found": (
        "Columns that no modality reads (dates, numbers with commas, files that are not there): {columns}.",
        "polysight init says why for each; correct them, or leave them out: {options}",
    ),
    "group_overlap.pass": ("No group is in both tables.", ""),
    "group_overlap.found": (
        "{groups} values of {group} are in both tables: {rows} rows here, {test_rows} in the test table. "
        "The numbers would be too good.",
        "Move each group as a whole to one of the tables, or leave out --test and let --group {group} split.",
    ),
    "missing_group.pass": ("No unused column looks like a group.", ""),
    "missing_group.found": (
        "Columns that seem to say whose row it is, and nothing keeps such rows together: {columns}.",
        "Pass --group {first}, so that rows of one owner never stand on both sides of a split.",
    ),
    "duplicate_rows.pass": ("No row is there twice.", ""),
    "duplicate_rows.coarse": ("Not looked for: columns of so few values are equal in many rows by chance.", ""),
    "duplicate_rows.found": (
        "{rows} rows repeat an earlier row in every input ({pairs}).",
        "Keep one row of each; copies in training and judging make numbers too good.",
    ),
    "duplicate_rows_across_labels.pass": ("No row is there twice under different labels.", ""),
    "duplicate_rows_across_labels.found": (
        "{rows} rows repeat an earlier row in every input under another label ({pairs}).",
        "Decide which label is right and remove the other row.",
    ),
    "duplicate_rows_in_test.pass": ("No row of the test table is in training.", ""),
    "duplicate_rows_in_test.found": (
        "{rows} rows of the test table are in training too, the same in every input ({pairs}).",
        "Remove them from one of the tables; what is measured on them is memory.",
    ),
    "duplicate_images.pass": ("No image is there twice.", ""),
    "duplicate_images.found": (
        "{rows} images look the same as an earlier one of their class ({pairs}).",
        "Keep one of each, or name what they belong to with --group, so that copies stay together.",
    ),
    "duplicate_images_across_labels.pass": ("No image is there twice under different labels.", ""),
    "duplicate_images_across_labels.found": (
        "{rows} images look the same as one of another class ({pairs}).",
        "Look at each pair: one of the labels is wrong, or the image does not tell the label.",
    ),
    "duplicate_images_in_test.pass": ("No image of the test table is in training.", ""),
    "duplicate_images_in_test.found": (
        "{rows} images of the test table look the same as one in training ({pairs}).",
        "Remove them from one of the tables; what is measured on them may be memory.",
    ),
    "duplicate_texts.pass": ("No text is there twice.", ""),
    "duplicate_texts.found": (
        "{rows} texts are nearly the same as an earlier one of their class ({pairs}).",
        "Keep one of each, or name what they belong to with --group, so that copies stay together.",
    ),
    "duplicate_texts_across_labels.pass": ("No text is there twice under different labels.", ""),
    "duplicate_texts_across_labels.found": (
        "{rows} texts are nearly the same as one of another class ({pairs}).",
        "Look at each pair: one of the labels is wrong, or the text does not tell the label.",
    ),
    "duplicate_texts_in_test.pass": ("No text of the test table is in training.", ""),
    "duplicate_texts_in_test.found": (
        "{rows} texts of the test table are nearly the same as one in training ({pairs}).",
        "Remove them from one of the tables; what is measured on them may be memory.",
    ),
    "leaky_columns.pass": ("No table column tells the label by itself.", ""),
    "leaky_columns.copies": (
        "Columns that are the target in other clothes: {columns}.",
        "Training leaves them out; remove them, or say so: {options}",
    ),
    "leaky_columns.found": (
        "Columns that tell (nearly) all labels, or one class from all others, by themselves: {told}.",
        "Ask whether each is known before the label is; if not: --ignore {first}",
    ),
    "label_in_text.pass": ("No text names the label.", ""),
    "label_in_text.found": (
        "Texts that name the label in most rows of its class: {named}.",
        "Ask whether they are written before the label is known; if not, mask these words or --ignore {first}.",
    ),
    "file_names.pass": ("File names do not tell the label.", ""),
    "file_names.found": (
        "Names of files tell the label by themselves: {told}. No model reads them, but they say that classes came "
        "from different places.",
        "Ask whether background, camera or processing differ too; then a model learns those.",
    ),
    "row_order.pass": ("The order of the rows does not tell the label.", ""),
    "row_order.found": (
        "The position of a row tells its label ({skill} of the way from chance to perfect).",
        "Harmless if the table was sorted; if it is the order in which data were taken, ask what else changed with it.",
    ),
    "file_order.pass": ("Numbers in file names do not tell the label.", ""),
    "file_order.found": (
        "Numbers in file names tell the label: {told} of the way from chance to perfect.",
        "Harmless if files were numbered after sorting; if in the order they were taken, ask what else "
        "changed with it.",
    ),
    "file_metadata.pass": ("Size, date, shape and camera of files do not tell the label.", ""),
    "file_metadata.found": (
        "Facts about files, not what is in them, tell the label: {told}.",
        "Classes seem to have been taken or processed differently; process all files alike, and test on data from "
        "elsewhere.",
    ),
    "missingness.pass": ("What is missing does not tell the label.", ""),
    "missingness.found": (
        "The mere absence of a value tells the label: {told} of the way from chance to perfect.",
        "Ask whether the value will be absent in the same way when the model is used; if not, leave the column out.",
    ),
    "label_errors.pass": ("Among {rows} rows no label is doubted.", ""),
    "label_errors.few": ("Not looked for: too few rows, or classes of fewer rows than folds.", ""),
    "label_errors.weak": (
        "Not looked for: a quick model is right too seldom to doubt labels ({skill} above chance).",
        "",
    ),
    "label_errors.found": (
        "{rows} of {of} labels are doubted by a model that has not seen them ({shown}).",
        "Look at these rows, the most doubtful first, and correct the labels that are wrong.",
    ),
    "personal_data.pass": ("No column seems to hold personal data.", ""),
    "personal_data.found": (
        "Columns that seem to hold personal data: {columns}.",
        "Remove or pseudonymise them before the table goes anywhere; at least {options}",
    ),
    "broken": ("This check could not be run: {error}.", "polysight check shows more; training goes on without it."),
}
