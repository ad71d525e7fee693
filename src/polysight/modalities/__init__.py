"""Modalities: one package for each way of seeing a sample. Adding one is a package and a line here."""

from polysight.core.registry import Registry

MODALITIES = Registry(
    "modality",
    {
        "audio": "polysight.modalities.audio.modality:Audio",
        "image": "polysight.modalities.image.modality:Image",
        "points": "polysight.modalities.points.modality:Points",
        "tabular": "polysight.modalities.tabular.modality:Tabular",
        "text": "polysight.modalities.text.modality:Text",
        "volume": "polysight.modalities.volume.modality:Volume",
    },
)

ENCODERS = Registry(
    "encoder",
    {
        "audio_convnet": "polysight.modalities.audio.encoders:AudioConvNet",
        "image_convnet": "polysight.modalities.image.encoders:ImageConvNet",
        "pointnet": "polysight.modalities.points.encoders:PointNet",
        "tabular_mlp": "polysight.modalities.tabular.encoders:TabularMLP",
        "text_lstm": "polysight.modalities.text.encoders:TextLSTM",
        "text_transformer": "polysight.modalities.text.transformer:TextTransformer",
        "volume_convnet": "polysight.modalities.volume.encoders:VolumeConvNet",
        "volume_slices": "polysight.modalities.volume.slices:VolumeSlices",
    },
)

FEATURES = Registry(
    "features",
    {
        "hog": "polysight.modalities.image.features:Hog",
        "colour": "polysight.modalities.image.features:Colour",
        "colour_fisher": "polysight.modalities.image.local_colour:ColourFisher",
        "lbp": "polysight.modalities.image.lbp:Lbp",
        "patches": "polysight.modalities.image.patches:PatchWords",
        "pixels": "polysight.modalities.image.features:Pixels",
        "sift_fisher": "polysight.modalities.image.fisher:SiftFisher",
        "sift_vlad": "polysight.modalities.image.vlad:SiftVlad",
        "sift_words": "polysight.modalities.image.words:SiftWords",
        "logmel_statistics": "polysight.modalities.audio.features:LogMelStatistics",
        "minirocket": "polysight.modalities.audio.rocket:AudioMiniRocket",
        "spectral_statistics": "polysight.modalities.audio.spectral:SpectralStatistics",
        "cloud_geometry": "polysight.modalities.points.features:CloudGeometry",
        "cloud_histograms": "polysight.modalities.points.features:CloudHistograms",
        "shape_distributions": "polysight.modalities.points.shape_distributions:ShapeDistributions",
        "onehot": "polysight.modalities.tabular.features:OneHot",
        "ordinal": "polysight.modalities.tabular.features:Ordinal",
        "category_names": "polysight.modalities.tabular.category_names:CategoryNames",
        "target_encoded": "polysight.modalities.tabular.target_encoding:TargetEncoded",
        "tfidf": "polysight.modalities.text.features:Tfidf",
        "tfidf_svd": "polysight.modalities.text.features:TfidfSvd",
        "volume_object": "polysight.modalities.volume.features:VolumeObject",
        "volume_planes": "polysight.modalities.volume.planes:VolumePlanes",
        "volume_shells": "polysight.modalities.volume.features:VolumeShells",
        "volume_texture": "polysight.modalities.volume.planes:VolumeTexture",
    },
)
