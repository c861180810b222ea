using System.Threading.Channels;
using Coracle.Instance;

namespace Coracle.Tests.Access;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coracle-followed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_text_that_throws_is_told_and_the_next_one_is_used()
    {
        var path = Path.Combine(_folder, "file.yaml");
        await File.WriteAllTextAsync(path, "first", TestContext.Current.CancellationToken);
        var (told, used) = (Channel.CreateUnbounded<string?>(), new List<string>());
        await using var file = ConfigurationFile.Watch(path, "first", text =>
        {
            used.Add(text);
            return text == "bad" ? throw new InvalidDataException("nobody expected this") : null;
        }, error => told.Writer.TryWrite(error));
        await Put("bad");
        Assert.Equal("nobody expected this", await told.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await Put("good");
        Assert.Null(await told.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["bad", "good"], used);

        // At once: a text that is half written would be one more.
        async Task Put(string text)
        {
            await File.WriteAllTextAsync(path + ".new", text, TestContext.Current.CancellationToken);
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
