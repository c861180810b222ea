using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>Values between commas, in lines; quotes around values that contain commas, quotes (doubled) or line ends.</summary>
internal static class CsvText
{
    public static List<List<string>> Read(string text)
    {
        List<List<string>> lines = [];
        List<string> line = [];
        var value = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                value.Append(text[++i]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && c == ',')
                Take();
            else if (!isQuoted && (c is '\n' or '\r'))
                End();
            else
                value.Append(c);
        }
        End();
        return lines;

        void Take()
        {
            line.Add(value.ToString());
            value.Clear();
        }

        void End()
        {
            if (line.Count == 0 && value.Length == 0)
                return;
            Take();
            lines.Add(line);
            line = [];
        }
    }
}
