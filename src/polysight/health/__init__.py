"""Health: what is wrong with a table before anything is learned from it. Adding a check is a file and a line here."""

from polysight.core.registry import Registry

CHECKS = Registry(
    "check",
    {
        "unreadable_files": "polysight.health.unreadable_files:UnreadableFiles",
        "classes": "polysight.health.classes:Classes",
        "unused_columns": "polysight.health.unused_columns:UnusedColumns",
        "groups": "polysight.health.groups:Groups",
        "duplicate_rows": "polysight.health.duplicate_rows:DuplicateRows",
        "duplicate_images": "polysight.health.duplicate_images:DuplicateImages",
        "duplicate_texts": "polysight.health.duplicate_texts:DuplicateTexts",
        "leaky_columns": "polysight.health.leaky_columns:LeakyColumns",
        "label_in_text": "polysight.health.label_in_text:LabelInText",
        "file_names": "polysight.health.file_names:FileNames",
        "order": "polysight.health.order:Order",
        "file_metadata": "polysight.health.file_metadata:FileMetadata",
        "missingness": "polysight.health.missingness:Missingness",
        "label_errors": "polysight.health.label_errors:LabelErrors",
        "personal_data": "polysight.health.personal_data:PersonalData",
    },
)
