using System.Text;

namespace Coracle.Sdk;

/// <summary>
/// Sends Impersonate-Group once a group, as servers want it. HttpClient can only join the values of a header by commas, which would name one group of
/// that name. So the groups are joined by a character that no group has, and this encoding writes it as the beginning of the next line. HTTP/1.1 only.
/// </summary>
internal sealed class GroupLines : Encoding
{
    public const string Header = "Impersonate-Group";
    private const char Joint = '\u001f';
    private static readonly byte[] NextLine = UTF8.GetBytes($"\r\n{Header}: ");

    public static GroupLines Instance { get; } = new();

    public static string Join(IReadOnlyList<string> groups)
    {
        foreach (var group in groups)
            if (group.AsSpan().ContainsAnyInRange('\0', Joint)) throw new ArgumentException($"a group's name has control characters: {Schema.GoText.Quote(group)}", nameof(groups));
        return string.Join(Joint, groups);
    }

    public override int GetByteCount(char[] chars, int index, int count) => Encode(chars.AsSpan(index, count)).Length;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var encoded = Encode(chars.AsSpan(charIndex, charCount));
        encoded.CopyTo(bytes, byteIndex);
        return encoded.Length;
    }

    private static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.ToString().Split(Joint))
        {
            if (bytes.Count > 0) bytes.AddRange(NextLine);
            bytes.AddRange(UTF8.GetBytes(part));
        }
        return [.. bytes];
    }

    public override int GetCharCount(byte[] bytes, int index, int count) => UTF8.GetCharCount(bytes, index, count);
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => UTF8.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
    public override int GetMaxByteCount(int charCount) => (charCount + 1) * Math.Max(NextLine.Length, 3);
    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);
}
