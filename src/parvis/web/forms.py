from django.forms.renderers import TemplatesSetting


class ParvisRenderer(TemplatesSetting):
    """Forms as the house draws them."""
