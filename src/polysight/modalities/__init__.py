"""Modalities: one package for each way of seeing a sample. Adding one is a package and a line here."""

from polysight.core.registry import Registry

MODALITIES = Registry(
    "modality",
    {
        "audio": "polysight.modalities.audio.modality:Audio",
        "image": "polysight.modalities.image.modality:Image",
        "sequence": "polysight.modalities.sequence.modality:Sequence",
        "series": "polysight.modalities.series.modality:Series",
        "tabular": "polysight.modalities.tabular.modality:Tabular",
        "text": "polysight.modalities.text.modality:Text",
    },
)

ENCODERS = Registry(
    "encoder",
    {
        "article_conv": "polysight.modalities.image.flattened:ArticleConv",
        "article_lstm": "polysight.modalities.text.article:ArticleLSTM",
        "audio_convnet": "polysight.modalities.audio.encoders:AudioConvNet",
        "cnn": "polysight.modalities.image.flattened:CNN",
        "image_convnet": "polysight.modalities.image.encoders:ImageConvNet",
        "sequence_gru": "polysight.modalities.sequence.encoders:SequenceGRU",
        "sequence_lstm": "polysight.modalities.sequence.encoders:SequenceLSTM",
        "sequence_transformer": "polysight.modalities.sequence.encoders:SequenceTransformer",
        "series_convnet": "polysight.modalities.series.encoders:SeriesConvNet",
        "series_lstm": "polysight.modalities.series.encoders:SeriesLSTM",
        "tabular_mlp": "polysight.modalities.tabular.encoders:TabularMLP",
        "text_lstm": "polysight.modalities.text.encoders:TextLSTM",
        "text_transformer": "polysight.modalities.text.transformer:TextTransformer",
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
        "frame_colour": "polysight.modalities.sequence.features:FrameColour",
        "frame_fisher": "polysight.modalities.sequence.fisher:FrameFisher",
        "frame_hog": "polysight.modalities.sequence.features:FrameHog",
        "frame_motion": "polysight.modalities.sequence.motion:FrameMotion",
        "optical_flow": "polysight.modalities.sequence.flow:OpticalFlow",
        "series_minirocket": "polysight.modalities.series.rocket:SeriesMiniRocket",
        "series_spectrum": "polysight.modalities.series.spectrum:SeriesSpectrum",
        "series_statistics": "polysight.modalities.series.features:SeriesStatistics",
        "onehot": "polysight.modalities.tabular.features:OneHot",
        "ordinal": "polysight.modalities.tabular.features:Ordinal",
        "category_names": "polysight.modalities.tabular.category_names:CategoryNames",
        "category_names_svd": "polysight.modalities.tabular.category_names:CategoryNamesSvd",
        "number_endings": "polysight.modalities.tabular.chosen_numbers:NumberEndings",
        "repeated_numbers": "polysight.modalities.tabular.chosen_numbers:RepeatedNumbers",
        "target_encoded": "polysight.modalities.tabular.target_encoding:TargetEncoded",
        "tfidf": "polysight.modalities.text.features:Tfidf",
        "tfidf_svd": "polysight.modalities.text.features:TfidfSvd",
    },
)
