"""Objectives: losses by name, how they become gradients, what helps rare classes; each is a file and a line here."""

from polysight.core.registry import Registry

OBJECTIVES = Registry(
    "objective",
    {
        "class_balanced": "polysight.objectives.class_balanced:ClassBalanced",
        "cross_entropy": "polysight.objectives.cross_entropy:CrossEntropy",
        "evidential": "polysight.objectives.evidential:EvidentialLoss",
        "focal": "polysight.objectives.focal:Focal",
        "logit_adjusted": "polysight.objectives.logit_adjusted:LogitAdjusted",
        "mse": "polysight.objectives.mse:MeanSquaredError",
    },
)

BALANCES = Registry(
    "balance",
    {
        "agreement": "polysight.objectives.balance.agreement:Agreement",
        "alternating": "polysight.objectives.balance.alternating:Alternating",
        "g_blending": "polysight.objectives.balance.g_blending:GradientBlending",
        "info_nce": "polysight.objectives.balance.info_nce:InfoNCE",
        "mmpareto": "polysight.objectives.balance.mmpareto:MMPareto",
        "none": "polysight.objectives.balance.joint:Joint",
        "ogm_ge": "polysight.objectives.balance.ogm_ge:GradientModulation",
        "staged": "polysight.objectives.balance.staged:Staged",
    },
)

REMEDIES = Registry(
    "imbalance",
    {
        "balanced_batches": "polysight.objectives.imbalance.balanced_batches:BalancedBatches",
        "class_weights": "polysight.objectives.imbalance.class_weights:ClassWeights",
        "over": "polysight.objectives.imbalance.over:Over",
        "rare_augmentation": "polysight.objectives.imbalance.rare_augmentation:RareAugmentation",
        "rare_branch": "polysight.objectives.imbalance.rare_branch:RareBranch",
        "smote": "polysight.objectives.imbalance.smote:Smote",
        "threshold": "polysight.objectives.imbalance.threshold:Threshold",
        "under": "polysight.objectives.imbalance.under:Under",
    },
)
