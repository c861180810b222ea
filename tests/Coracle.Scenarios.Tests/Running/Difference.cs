using System.Text;

namespace Coracle.Scenarios.Tests.Running;

internal static class Difference
{
    /// <summary>Two texts, line by line: what is only in the first behind "-", what is only in the second behind "+".</summary>
    public static string Of(string wanted, string found)
    {
        var (a, b) = (wanted.Split('\n'), found.Split('\n'));
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--) common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var text = new StringBuilder("the outcome is another (- as it should be, + as it is):\n");
        for (var (i, j) = (0, 0); i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j]) (text, i, j) = (text.Append("  ").Append(a[i]).Append('\n'), i + 1, j + 1);
            else if (j == b.Length || i < a.Length && common[i + 1, j] >= common[i, j + 1]) text.Append("- ").Append(a[i++]).Append('\n');
            else text.Append("+ ").Append(b[j++]).Append('\n');
        }
        return text.ToString();
    }
}
