"""Interviews in programs for coding (QualCoder, NVivo, ATLAS.ti, MAXQDA), as REFI-QDA carries them there and back."""
