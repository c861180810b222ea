using System.Globalization;
using System.Text;

namespace Coracle.Schema;

internal sealed partial class YamlScanner
{
    private void FetchDirective()
    {
        Unroll(-1);
        RemoveKey();
        keyAllowed = false;
        var line = source.Line;
        source.Skip();
        var start = source.Mark;
        while (source.IsWord()) source.Skip();
        var name = source.Since(start);
        if (name.Length == 0) throw Fail("could not find expected directive name");
        if (!source.IsBlankOrEnd()) throw Fail("found unexpected non-alphabetical character");

        source.SkipBlanks();
        queue.Add(name switch
        {
            "YAML" => new(YamlTokenKind.VersionDirective, line, ScanVersion()),
            "TAG" => ScanTagDirective(line),
            _ => throw Fail("found unknown directive name"),
        });
        source.SkipBlanks();
        source.SkipComment();
        if (!source.IsBreakOrEnd()) throw Fail("did not find expected comment or line break");
        if (source.IsBreak()) source.SkipLine();
    }

    private string ScanVersion()
    {
        var major = ScanVersionNumber();
        if (source.Current != '.') throw Fail("did not find expected digit or '.' character");
        source.Skip();
        return $"{major}.{ScanVersionNumber()}";
    }

    private int ScanVersionNumber()
    {
        var (number, length) = (0, 0);
        for (; char.IsAsciiDigit(source.Current); source.Skip())
        {
            if (++length > 2) throw Fail("found extremely long version number");
            number = number * 10 + source.Current - '0';
        }
        return length == 0 ? throw Fail("did not find expected version number") : number;
    }

    private YamlToken ScanTagDirective(int line)
    {
        var handle = ScanTagHandle(directive: true);
        if (!source.IsBlank()) throw Fail("did not find expected whitespace");
        source.SkipBlanks();
        var prefix = ScanTagUri("");
        if (!source.IsBlankOrEnd()) throw Fail("did not find expected whitespace or line break");
        return new(YamlTokenKind.TagDirective, line, handle, prefix);
    }

    private void FetchTag()
    {
        SaveKey();
        keyAllowed = false;
        var line = source.Line;
        var (handle, suffix) = ("", "");
        if (source[1] == '<')
        {
            source.Skip(2);
            suffix = ScanTagUri("");
            if (source.Current != '>') throw Fail("did not find the expected '>'");
            source.Skip();
        }
        else
        {
            handle = ScanTagHandle(directive: false);
            if (handle.Length > 1 && handle[^1] == '!') suffix = ScanTagUri("");
            else
            {
                // "!name": what looked like a handle begins the name; a lone "!" stays without a handle.
                suffix = ScanTagUri(handle);
                (handle, suffix) = suffix.Length == 0 ? ("", "!") : ("!", suffix);
            }
        }
        if (!source.IsBlankOrEnd()) throw Fail("did not find expected whitespace or line break");
        queue.Add(new(YamlTokenKind.Tag, line, handle, suffix));
    }

    private string ScanTagHandle(bool directive)
    {
        if (source.Current != '!') throw Fail("did not find expected '!'");
        var start = source.Mark;
        source.Skip();
        while (source.IsWord()) source.Skip();
        if (source.Current == '!') source.Skip();
        else if (directive && source.Since(start) != "!") throw Fail("did not find expected '!'");
        return source.Since(start);
    }

    private string ScanTagUri(string head)
    {
        var uri = new StringBuilder(head.Length > 1 ? head[1..] : "");
        var found = head.Length > 0;
        while (source.IsWord() || source.Current != '\0' && ";/?:@&=+$,.!~*'()[]%".Contains(source.Current))
        {
            if (source.Current == '%') ScanUriEscape(uri);
            else source.Read(uri);
            found = true;
        }
        return found ? uri.ToString() : throw Fail("did not find expected tag URI");
    }

    /// <summary>One character as escaped octets of UTF-8.</summary>
    private void ScanUriEscape(StringBuilder uri)
    {
        Span<byte> octets = stackalloc byte[4];
        var (count, width) = (0, 1);
        for (; count < width; count++)
        {
            Span<char> digits = [source[1], source[2]];
            if (source.Current != '%' || !byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octets[count]))
                throw Fail("did not find URI escaped octet");
            if (count == 0)
            {
                width = octets[0] switch { < 0x80 => 1, >= 0xc0 and < 0xe0 => 2, >= 0xe0 and < 0xf0 => 3, >= 0xf0 and < 0xf8 => 4, _ => 0 };
                if (width == 0) throw Fail("found an incorrect leading UTF-8 octet");
            }
            else if ((octets[count] & 0xc0) != 0x80) throw Fail("found an incorrect trailing UTF-8 octet");
            source.Skip(3);
        }
        uri.Append(Encoding.UTF8.GetString(octets[..count]));
    }
}
