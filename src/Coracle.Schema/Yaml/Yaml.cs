using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>YAML as upstream reads and writes it (sigs.k8s.io/yaml over go-yaml v2): YAML 1.1, one document, JSON in between.</summary>
public static class Yaml
{
    /// <summary>What upstream's decoders put before the error of a text that is not YAML.</summary>
    public const string ErrorPrefix = "error converting YAML to JSON: ";

    /// <summary>
    /// Reads the first document of a text. An empty one is null. On failure <paramref name="error"/> is upstream's message ("yaml: line 3: ..."),
    /// to be put behind <see cref="ErrorPrefix"/> where upstream does so.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="strict">Keys that stand twice in one mapping are errors; otherwise the last wins.</param>
    /// <param name="json">The document.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, bool strict, out JsonNode? json, out string? error)
    {
        json = null;
        error = null;
        try { return TryRead(Decode(utf8), strict, out json, out error); }
        catch (DecoderFallbackException)
        {
            error = "yaml: invalid leading UTF-8 octet";
            return false;
        }
    }

    /// <summary>Reads the first document of a text; see the other overload.</summary>
    public static bool TryRead(string text, bool strict, out JsonNode? json, out string? error)
    {
        json = null;
        error = HasControlCharacters(text) ? "yaml: control characters are not allowed" : null;
        if (error is not null) return false;
        try
        {
            json = YamlConverter.Convert(YamlParser.Parse(text), strict);
            return true;
        }
        catch (YamlException e)
        {
            error = e.Prefixed ? "yaml: " + e.Message : e.Message;
            return false;
        }
    }

    /// <summary>Reads the first document of a text as JSON bytes.</summary>
    public static bool TryToJson(ReadOnlySpan<byte> utf8, bool strict, out byte[] json, out string? error)
    {
        json = [];
        if (!TryRead(utf8, strict, out var node, out error)) return false;
        json = JsonText.ToBytes(node);
        return true;
    }

    /// <summary>Divides a text at the lines that are "---" alone (blanks may follow). Documents without content are left in, as empty text.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var documents = new List<string>();
        var (start, at) = (0, 0);
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            var next = end < 0 ? text.Length : end + 1;
            var line = text.AsSpan(at, next - at);
            if (line.StartsWith("---") && line[3..].Trim().IsEmpty)
            {
                if (at > 0) documents.Add(text[start..at]);
                start = next;
            }
            at = next;
        }
        documents.Add(text[start..]);
        return documents;
    }

    /// <summary>Writes a JSON text as YAML: keys sorted, block style, strings quoted where go-yaml quotes them.</summary>
    public static string Write(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = ApiJson.ReaderOptions.MaxDepth });
        return new YamlWriter().Write(document.RootElement);
    }

    /// <summary>Writes JSON as YAML.</summary>
    public static string Write(JsonNode? json) => Write(JsonText.ToBytes(json));

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe])) return Encoding.Unicode.GetString(bytes[2..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff])) return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        return Utf8.GetString(bytes);
    }

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static bool HasControlCharacters(string text)
    {
        foreach (var c in text)
            if (c is < ' ' and not ('\t' or '\n' or '\r') or >= '\u007f' and < '\u00a0' and not '\u0085' or >= '\ufffe')
                return true;
        return false;
    }
}
