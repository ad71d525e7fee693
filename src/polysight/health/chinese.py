"""Findings in Chinese."""

CHINESE_WORDS = {
    "label": "含有标签",
    "folder": "所在文件夹",
    "pattern": "命名规律",
    "suffix": "后缀",
    "bytes": "文件大小",
    "date": "文件日期",
    "pixels": "宽乘高",
    "shape": "宽高比",
    "camera": "相机或软件",
    "taken": "拍摄日期",
    "name": "人名",
    "phone": "电话号码",
    "email": "电子邮件地址",
    "id_card": "证件号码",
    "birth": "出生日期",
    "address": "住址",
    "skill": "预测力",
    "area": "AUC",
    "columns": "列",
    "rows": "行",
    "fix": "办法",
}

CHINESE = {
    "unreadable_files.pass": ("所有已填写的单元格都能读取。", ""),
    "unreadable_files.found": (
        "{cells} 个已填写的单元格无法读取：{reasons}。",
        "请重新复制文件或更正单元格；在此之前，它们按缺失输入处理。",
    ),
    "unreadable_files_in_test.pass": ("测试表中所有已填写的单元格都能读取。", ""),
    "unreadable_files_in_test.found": (
        "测试表中 {cells} 个已填写的单元格无法读取，位于第 {rows} 行。",
        "请重新复制文件或更正单元格；在此之前，它们按缺失输入处理。",
    ),
    "missing_labels.pass": ("每一行都有标签。", ""),
    "missing_labels.found": ("{rows} 行没有标签；训练不使用它们。", "请补上标签或删除这些行。"),
    "class_balance.pass": ("类别均衡：最多的 {commonest} 有 {most} 行，最少的 {rarest} 有 {least} 行。", ""),
    "class_balance.found": (
        "类别不均衡：{commonest} 有 {most} 行，{rarest} 只有 {least} 行。",
        "请看逐类召回率和宏平均，不要只看准确率；请为稀少的类别收集更多的行。",
    ),
    "rare_classes.pass": ("每个类别的行数都足以分到每一折。", ""),
    "rare_classes.alone": (
        "只有一行、无法既学习又评判的类别：{classes}。",
        "请为这些类别增加行、与其他类别合并，或将其删除。",
    ),
    "rare_classes.found": (
        "行数少于折数（{folds}）的类别：{classes}。",
        "请增加行，或与其他类别合并；关于这些类别的数字只依据很少的行。",
    ),
    "rare_classes.in_few_groups": (
        "所在分组少于折数（{folds}）的类别：{classes}。",
        "请增加其他分组的行；这些类别在新分组中能识别得多好，目前无法评判。",
    ),
    "unseen_classes.pass": ("测试表中的类别在训练表中都有。", ""),
    "unseen_classes.found": (
        "测试表中有训练时从未见过的类别：{classes}；其中的 {rows} 行都按答错计。",
        "请更正这些标签的写法，或在训练表中加入这些类别的行。",
    ),
    "constant_columns.pass": ("没有空列，也没有只含一个取值的列。", ""),
    "constant_columns.found": ("空列或只含一个取值、无从学习的列：{columns}。", "训练不使用它们；也可写明：{options}"),
    "id_columns.pass": ("没有为行编号或命名的列。", ""),
    "id_columns.found": (
        "为行编号、或每行名称都不同的列：{columns}。模型只能死记它们。",
        "训练不使用它们；也可写明：{options}",
    ),
    "unread_columns.pass": ("其余各列都能读取。", ""),
    "unread_columns.found": (
        "没有模态能读取的列（日期、带逗号的数字、不存在的文件）：{columns}。",
        "polysight init 会逐列说明原因；请更正，或不使用它们：{options}",
    ),
    "group_overlap.pass": ("没有分组同时出现在两张表中。", ""),
    "group_overlap.found": (
        "{group} 的 {groups} 个取值同时出现在两张表中：此表 {rows} 行，测试表 {test_rows} 行。得到的数字会偏高。",
        "请把每个分组整体放在一张表中，或去掉 --test，由 --group {group} 来划分。",
    ),
    "missing_group.pass": ("没有未使用的列看起来像分组。", ""),
    "missing_group.found": (
        "这些列似乎说明该行属于谁，但没有任何设置让同属的行在一起：{columns}。",
        "请使用 --group {first}，使同属的行不会分在划分的两边。",
    ),
    "duplicate_rows.pass": ("没有重复的行。", ""),
    "duplicate_rows.coarse": ("未检查：各列取值太少，许多行会偶然相同。", ""),
    "duplicate_rows.found": (
        "{rows} 行在所有输入上与前面的某一行相同（{pairs}）。",
        "每种只保留一行；同一内容既在训练又在评判中，会使数字偏高。",
    ),
    "duplicate_rows_across_labels.pass": ("没有标签不同的重复行。", ""),
    "duplicate_rows_across_labels.found": (
        "{rows} 行在所有输入上与前面的某一行相同，标签却不同（{pairs}）。",
        "请确定哪个标签正确，并删除另一行。",
    ),
    "duplicate_rows_in_test.pass": ("测试表中没有训练表里的行。", ""),
    "duplicate_rows_in_test.found": (
        "测试表中有 {rows} 行也在训练表中，所有输入都相同（{pairs}）。",
        "请从其中一张表中删除它们；在它们上面测得的只是记忆。",
    ),
    "duplicate_images.pass": ("没有重复的图像。", ""),
    "duplicate_images.found": (
        "{rows} 幅图像与同类中前面的某一幅看起来相同（{pairs}）。",
        "每种只保留一幅，或用 --group 指明它们属于什么，使副本在一起。",
    ),
    "duplicate_images_across_labels.pass": ("没有标签不同的重复图像。", ""),
    "duplicate_images_across_labels.found": (
        "{rows} 幅图像与另一类别的某一幅看起来相同（{pairs}）。",
        "请逐对查看：要么有一个标签是错的，要么图像本身不能说明标签。",
    ),
    "duplicate_images_in_test.pass": ("测试表中没有训练表里的图像。", ""),
    "duplicate_images_in_test.found": (
        "测试表中有 {rows} 幅图像与训练表中的某一幅看起来相同（{pairs}）。",
        "请从其中一张表中删除它们；在它们上面测得的可能只是记忆。",
    ),
    "duplicate_texts.pass": ("没有重复的文本。", ""),
    "duplicate_texts.found": (
        "{rows} 段文本与同类中前面的某一段几乎相同（{pairs}）。",
        "每种只保留一段，或用 --group 指明它们属于什么，使副本在一起。",
    ),
    "duplicate_texts_across_labels.pass": ("没有标签不同的重复文本。", ""),
    "duplicate_texts_across_labels.found": (
        "{rows} 段文本与另一类别的某一段几乎相同（{pairs}）。",
        "请逐对查看：要么有一个标签是错的，要么文本本身不能说明标签。",
    ),
    "duplicate_texts_in_test.pass": ("测试表中没有训练表里的文本。", ""),
    "duplicate_texts_in_test.found": (
        "测试表中有 {rows} 段文本与训练表中的某一段几乎相同（{pairs}）。",
        "请从其中一张表中删除它们；在它们上面测得的可能只是记忆。",
    ),
    "leaky_columns.pass": ("没有单独一列就能说出标签的表格列。", ""),
    "leaky_columns.copies": ("换了样子的目标列：{columns}。", "训练不使用它们；请删除，或写明：{options}"),
    "leaky_columns.found": (
        "单独一列就能说出（几乎）全部标签、或把某一类与其他类分开的列：{told}。",
        "请确认每一列是否在标签之前已知；如果不是：--ignore {first}",
    ),
    "label_in_text.pass": ("没有写出标签的文本。", ""),
    "label_in_text.found": (
        "在某类的大多数行中写出了该标签的文本：{named}。",
        "请确认这些文本是否在知道标签之前写成；如果不是，请遮去这些词，或使用 --ignore {first}。",
    ),
    "file_names.pass": ("文件名不能说出标签。", ""),
    "file_names.found": (
        "仅凭文件名就能说出标签：{told}。模型不读文件名，但这说明各类别来自不同的地方。",
        "请确认背景、相机或处理方式是否也不同；那样模型学到的会是这些。",
    ),
    "row_order.pass": ("行的顺序不能说出标签。", ""),
    "row_order.found": (
        "行的位置能说出标签（从随机到完美之间达到 {skill}）。",
        "如果表只是排过序，则无妨；如果这是采集的顺序，请查明还有什么随之改变。",
    ),
    "file_order.pass": ("文件名中的数字不能说出标签。", ""),
    "file_order.found": (
        "文件名中的数字能说出标签（从随机到完美之间）：{told}。",
        "如果文件是排序后编号的，则无妨；如果按采集的顺序编号，请查明还有什么随之改变。",
    ),
    "file_metadata.pass": ("文件的大小、日期、形状和相机不能说出标签。", ""),
    "file_metadata.found": (
        "不看内容、仅凭文件本身的信息就能说出标签：{told}。",
        "各类别的采集或处理方式似乎不同；请以同样的方式处理所有文件，并用别处的数据测试。",
    ),
    "missingness.pass": ("缺失与否不能说出标签。", ""),
    "missingness.found": (
        "仅凭取值是否缺失就能说出标签（从随机到完美之间）：{told}。",
        "请确认模型使用时这些值是否以同样的方式缺失；如果不是，请不要使用该列。",
    ),
    "label_errors.pass": ("在 {rows} 行中没有可疑的标签。", ""),
    "label_errors.few": ("未检查：行太少，或有类别的行数少于折数。", ""),
    "label_errors.weak": ("未检查：快速模型的正确率太低（高于随机 {skill}），不足以质疑标签。", ""),
    "label_errors.found": (
        "{of} 个标签中有 {rows} 个受到未见过它们的模型的质疑（{shown}）。",
        "请从最可疑的开始查看这些行，并更正错误的标签。",
    ),
    "personal_data.pass": ("没有看起来含有个人信息的列。", ""),
    "personal_data.found": (
        "看起来含有个人信息的列：{columns}。",
        "在把表交给任何人之前，请删除或匿名化这些列；至少 {options}",
    ),
    "broken": ("该检查无法运行：{error}。", "polysight check 会给出更多信息；训练照常进行。"),
}
