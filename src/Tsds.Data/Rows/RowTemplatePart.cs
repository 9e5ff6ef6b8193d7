namespace Tsds.Data.Rows;

/// <summary>A piece of a template: characters as they are, or a placeholder.</summary>
/// <param name="Text">The characters, or the placeholder's name.</param>
/// <param name="IsPlaceholder">Whether it is a placeholder.</param>
internal readonly record struct RowTemplatePart(string Text, bool IsPlaceholder);
