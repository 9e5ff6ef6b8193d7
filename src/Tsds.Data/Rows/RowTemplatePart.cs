namespace Tsds.Data.Rows;

/// <summary>A part of a template: literal characters, or a placeholder.</summary>
/// <param name="Text">The characters, or the placeholder's name.</param>
/// <param name="IsPlaceholder">True if it is a placeholder.</param>
internal readonly record struct RowTemplatePart(string Text, bool IsPlaceholder);
