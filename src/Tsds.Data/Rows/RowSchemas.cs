namespace Tsds.Data.Rows;

/// <summary>The names of the schemas, and the structure of a row of each.</summary>
internal static class RowSchemas
{
    /// <summary>The number of schemas.</summary>
    public const int Count = (int)RowSchema.Pretokenized + 1;

    /// <summary>The names of the schemas that a user can give, for messages.</summary>
    public const string Names =
        "chatml, sharegpt, preference, alpaca, prompt-completion, query-response, text or pretokenized";

    /// <summary>Returns the schema with a name, or null.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The schema, or null when there is none of that name that can be asked for.</returns>
    public static RowSchema? Parse(string name)
    {
        for (RowSchema schema = RowSchema.ChatMl; (int)schema < Count; schema++)
        {
            if (NameOf(schema) == name)
            {
                return schema;
            }
        }

        return null;
    }

    /// <summary>Returns the name of a schema in files and messages.</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>Its name.</returns>
    public static string NameOf(RowSchema schema) =>
        schema switch
        {
            RowSchema.TextField => "text-field",
            RowSchema.ChatMl => "chatml",
            RowSchema.ShareGpt => "sharegpt",
            RowSchema.Preference => "preference",
            RowSchema.Alpaca => "alpaca",
            RowSchema.PromptCompletion => "prompt-completion",
            RowSchema.QueryResponse => "query-response",
            RowSchema.Text => "text",
            _ => "pretokenized",
        };

    /// <summary>Returns a description of the fields of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="textField">The field that the user named, if any.</param>
    /// <returns>Such as <c>the string fields instruction and output (alpaca)</c>.</returns>
    public static string ShapeOf(RowSchema schema, string? textField) =>
        schema switch
        {
            RowSchema.TextField => $"the string field {textField} (--text-field)",
            RowSchema.ChatMl => "a list of turns with role and content, such as messages (chatml)",
            RowSchema.ShareGpt => "a list of turns with from and value, such as conversations (sharegpt)",
            RowSchema.Preference => "chosen and rejected, each a string or a list of messages (preference)",
            RowSchema.Alpaca => "the string fields instruction and output (alpaca)",
            RowSchema.PromptCompletion =>
                "prompt and completion, each a string or a list of messages (prompt-completion)",
            RowSchema.QueryResponse => "the string fields query and response (query-response)",
            RowSchema.Text => "the string field text (text)",
            _ => "the list input_ids (pretokenized)",
        };
}
