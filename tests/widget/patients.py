"""Cases that several tests of the widget tell."""

PATHOLOGIC = (
    "68 year old woman, breast cancer with metastases. For two weeks sharp pain in the middle of the back, getting "
    "worse, much worse when she stands or walks. MRI shows a new pathologic compression fracture of T8 with marrow "
    "edema. Neurologic exam intact. How should the fracture be treated?"
)
AFTER_VERTEBROPLASTY = (
    "78-year-old woman with severe osteoporosis, vertebroplasty of L2 two years ago with success. Three weeks of new "
    "disabling mid-thoracic pain after a minor fall; radiographs show a new superior endplate compression fracture "
    "of T11. What is the best initial treatment?"
)
IMAGING = (
    "72F, breast cancer 2014. Back pain for two weeks, worse standing. X-ray: new T8 compression fracture. "
    "Neuro intact. Which imaging next?"
)
WITHOUT_CANCER_STATUS = "70F, back pain on standing, new L1 fracture on x-ray, neuro intact. Which imaging next?"
DEFICIT = "72F, breast cancer, new T8 compression fracture on MRI, both legs weak since yesterday. Cement?"
