namespace Coracle.Schema;

/// <summary>Standard base64 as JSON carries bytes.</summary>
public static class Base64Text
{
    /// <summary>The offset of the first character that is not valid there, as Go's decoder counts, or -1.</summary>
    public static int FirstBadByte(string text)
    {
        if (System.Buffers.Text.Base64.IsValid(text.AsSpan()) && !text.AsSpan().ContainsAny(' ', '\t')) return -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!(char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '\n' or '\r' || c == '=' && i >= text.Length - 2)) return i;
        }
        return text.Length;
    }
}
