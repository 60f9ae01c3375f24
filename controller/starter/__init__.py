"""Sound that the project makes by itself: a starter library of samples (`library`) and a recording to cover (`demo`).

Nothing is sampled or downloaded: every voice is arithmetic on seeded noise and sines. The modules load scipy, so import
them where they are used.
"""
