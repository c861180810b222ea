namespace Coracle.Commands.Cluster;

/// <summary>Where a command writes: results to the standard output, all else beside it. Neither is touched before there is something to write.</summary>
internal sealed class Terminal
{
    public void Line(string text) => Console.Out.WriteLine(text);

    public void Text(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }

    /// <summary>Text that may end its last line itself.</summary>
    public void Error(string text) => Console.Error.Write(text.EndsWith('\n') ? text : text + "\n");
}
