namespace Coracle.Kubectl.Tests;

/// <summary>What a line of a transcript asks for.</summary>
internal enum StepKind
{
    /// <summary>"$ command": run once; the lines below are what it prints.</summary>
    Run,

    /// <summary>"$until command": run until it prints the lines below.</summary>
    Until,

    /// <summary>"$start command": goes on in the background; the lines below are what it prints first.</summary>
    Start,

    /// <summary>"$more": what the command in the background prints next.</summary>
    More,

    /// <summary>"$stop": the command in the background ends.</summary>
    Stop,

    /// <summary>"@file name" to "@end": a file in the working directory.</summary>
    File,
}

/// <param name="Kind">What is to be done.</param>
/// <param name="Text">The command, or the name of the file.</param>
/// <param name="Lines">The expected output, or the content of the file.</param>
/// <param name="Line">Where it is in the transcript, counted from one.</param>
internal sealed record Step(StepKind Kind, string Text, IReadOnlyList<string> Lines, int Line);

/// <summary>
/// A conversation with kubectl as a text file: commands and what they print. Lines that begin with "##" are comments; "@kubectl 1.27 1.33" names the versions that have it.
/// A command that fails ends its output with "[exit N]". How parts that vary are written is in <see cref="LinePattern"/>.
/// </summary>
internal sealed class Transcript
{
    private static readonly (string Prefix, StepKind Kind)[] Commands =
        [("$ ", StepKind.Run), ("$until ", StepKind.Until), ("$start ", StepKind.Start), ("$more", StepKind.More), ("$stop", StepKind.Stop), ("@file ", StepKind.File)];

    public required string Name { get; init; }
    public required IReadOnlyList<string> Versions { get; init; }
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>The transcripts of a folder, each with each version of kubectl that it is for.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> In(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Transcripts", folder), "*.txt").Order(StringComparer.Ordinal))
        {
            var transcript = Read(path);
            foreach (var version in transcript.Versions) yield return new($"{folder}/{transcript.Name}", version);
        }
    }

    public static Transcript Open(string name) => Read(Path.Combine(AppContext.BaseDirectory, "Transcripts", $"{name}.txt"));

    private static Transcript Read(string path) => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path));

    public static Transcript Parse(string name, IReadOnlyList<string> lines)
    {
        var steps = new List<Step>();
        string[] versions = [Kubectl.Usual];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.StartsWith("@kubectl ", StringComparison.Ordinal)) versions = line["@kubectl ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            else if (Opening(line) is not { } opening)
            {
                if (line.Length > 0 && !line.StartsWith("##", StringComparison.Ordinal)) throw new FormatException($"{name}.txt:{i + 1}: neither a command nor below one: {line}");
            }
            else
            {
                var from = i + 1;
                var body = new List<string>();
                while (i + 1 < lines.Count && !(opening.Kind == StepKind.File ? lines[i + 1] == "@end" : Opens(lines[i + 1]))) body.Add(lines[++i]);
                if (opening.Kind == StepKind.File) i++;
                else while (body.Count > 0 && body[^1].Length == 0) body.RemoveAt(body.Count - 1);
                steps.Add(new Step(opening.Kind, line[opening.Prefix.Length..], body, from));
            }
        }
        return new Transcript { Name = name, Versions = versions, Steps = steps };
    }

    private static (string Prefix, StepKind Kind)? Opening(string line)
    {
        foreach (var command in Commands)
            if (line.StartsWith(command.Prefix, StringComparison.Ordinal)) return command;
        return null;
    }

    private static bool Opens(string line) => Opening(line) is not null || line.StartsWith("##", StringComparison.Ordinal) || line.StartsWith("@kubectl ", StringComparison.Ordinal);
}
