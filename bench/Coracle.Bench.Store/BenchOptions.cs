using System.Globalization;

namespace Coracle.Bench.Store;

internal sealed record BenchOptions(int Seconds, int Bytes, int[] Callers, int Keys, string Directory)
{
    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions(5, 2048, [1, 16, 64], 5000, Path.Combine(Path.GetTempPath(), "coracle-bench"));
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = Number(args[i + 1]) },
                "--bytes" => options with { Bytes = Number(args[i + 1]) },
                "--callers" => options with { Callers = args[i + 1].Split(',').Select(Number).ToArray() },
                "--keys" => options with { Keys = Number(args[i + 1]) },
                "--dir" => options with { Directory = args[i + 1] },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }

        return options;
    }

    /// <summary>An empty folder for one run.</summary>
    public string Fresh()
    {
        if (System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
        System.IO.Directory.CreateDirectory(Directory);
        return Directory;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
