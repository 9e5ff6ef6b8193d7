// Writes pool.jsonl and targets.jsonl, the small example that the README's first command runs on:
//
//     dotnet run samples/generate-samples.cs
//
// The rows are made from templates and word lists with a generator of our own, so that the files are the same bytes
// everywhere; what they claim is made up. About one row in twenty is a near-duplicate of an earlier one: real pools are
// like that, and the selection is expected to notice. The targets ask for cooking and SQL, in words of their own: other
// dishes, other tables, other questions. For nearly all of them the pool has rows that mean something alike, and rows
// of programming, health and travel that only sound like it.

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

const int RowCount = 2_000;
const int OneNearDuplicateIn = 20;

string folder = args.Length > 0 ? args[0] : AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples";
Dice dice = new(seed: 20_260_101);
Topic[] topics = Topics();
HashSet<string> seen = [];
List<Row> rows = [];
while (rows.Count < RowCount)
{
    if (rows.Count > 100 && dice.Next(OneNearDuplicateIn) == 0)
    {
        Row original = rows[dice.Next(rows.Count)];
        rows.Add(
            original with
            {
                Id = $"p{rows.Count:0000}",
                Instruction = Reword(original.Instruction),
                Output = Retouch(original.Output),
            }
        );
        continue;
    }

    Row row = Make(topics[dice.Next(topics.Length)], rows.Count);
    if (seen.Add(row.Instruction + row.Output))
    {
        rows.Add(row);
    }
}

Write("pool.jsonl", rows);
Write("targets.jsonl", Targets());

Row Make(Topic topic, int number)
{
    Dictionary<string, string> words = [];
    int asked = dice.Next(topic.Questions.Length + topic.Exchanges.Length) - topic.Questions.Length;
    string[] exchange =
        asked < 0
            ? [topic.Questions[asked + topic.Questions.Length]]
            : [topic.Exchanges[asked].Question, topic.Exchanges[asked].Answer];
    string instruction = Fill(exchange[0], topic, words);
    int sentences = 2 + dice.Next(3) - exchange.Length + 1;
    string output = string.Join(
        ' ',
        exchange
            .Skip(1)
            .Concat(dice.Shuffle(topic.Answers).Take(sentences))
            .Select(answer => Fill(answer, topic, words))
    );
    return new Row($"p{number:0000}", instruction, output, topic.Name);
}

// A slot keeps its word within a row, so that the answer speaks of what was asked.
string Fill(string template, Topic topic, Dictionary<string, string> words)
{
    string filled = Regex.Replace(
        template,
        @"\{(\w+)\}",
        match =>
        {
            string slot = match.Groups[1].Value;
            if (!words.TryGetValue(slot, out string? word))
            {
                word = dice.Pick(topic.Words[slot.TrimEnd('2')]);
                words[slot] = word;
            }

            return word;
        }
    );
    return char.ToUpperInvariant(filled[0]) + filled[1..];
}

string Reword(string text) =>
    dice.Next(3) switch
    {
        0 => "Please: " + text,
        1 => text.TrimEnd('?', '.') + ", please.",
        _ => text,
    };

string Retouch(string text) =>
    dice.Next(3) switch
    {
        0 => text + " Hope that helps.",
        1 => text.Replace(" and ", " & ", StringComparison.Ordinal),
        _ => "Sure. " + text,
    };

void Write(string name, IEnumerable<Row> written)
{
    StringBuilder text = new();
    JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    foreach (Row row in written)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, options))
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            json.WriteString("instruction", row.Instruction);
            json.WriteString("output", row.Output);
            if (row.Source is not null)
            {
                json.WriteString("source", row.Source);
            }

            json.WriteEndObject();
        }

        text.Append(Encoding.UTF8.GetString(line.ToArray())).Append('\n');
    }

    string path = Path.Combine(folder, name);
    File.WriteAllText(path, text.ToString());
    Console.WriteLine($"{path}: {new FileInfo(path).Length} bytes");
}

static Topic[] Topics() =>
    [
        new(
            "cooking",
            [
                "How do I make {dish} with {food} for {people} people?",
                "My {dish} always turns out {fault}. What am I doing wrong?",
                "Can I replace {food} with {food2} in {dish}?",
                "Give me a quick {meal} recipe that uses {food} and {food2}.",
                "How long should {dish} stay on the heat, and how do I know it is ready?",
                "Write a shopping list for {dish} and a side of {food}.",
            ],
            [
                "Start by chopping the {food} finely and warming a heavy pan over a medium flame.",
                "Add the {food2} and {verb} for {minutes} minutes, stirring now and then.",
                "Season with {spice} and a pinch of salt, then taste before you add more.",
                "If it looks {fault}, lower the heat and add a splash of stock or milk.",
                "{verb} everything together until the kitchen smells of {spice}.",
                "Let the {dish} rest for {minutes} minutes before serving with fresh {herb}.",
                "Use about {grams} grams of {food} for {people} people.",
                "A cold pan is the usual reason for a {fault} result.",
                "Finish with chopped {herb} and a squeeze of lemon.",
            ],
            [
                (
                    "What could I cook tonight from {food}, {food2} and cream?",
                    "Cook the {food} gently in butter, add cream and grated cheese, and serve it over pasta."
                ),
                (
                    "How do I fry {meat} so that the outside turns crispy?",
                    "Pat the {meat} dry with paper, season it early and leave it in the hot pan without moving it."
                ),
                (
                    "My {dough} stays flat. Is the yeast to blame?",
                    "Yeast dough takes longer in a cold kitchen; put the bowl near the stove under a damp towel."
                ),
                (
                    "Share a dessert without eggs for {people} guests.",
                    "Mashed fruit or applesauce binds a cake batter in place of eggs."
                ),
                (
                    "Do dried {pulse} need a night in water first?",
                    "Put {pulse} in plenty of water for a night, then simmer gently until tender."
                ),
                (
                    "Is {meat} better braised or grilled?",
                    "Tough {meat} becomes tender after hours of gentle braising, while lean pieces dry out."
                ),
                (
                    "My {sauce} curdled. How do I rescue it?",
                    "A curdled {sauce} comes together again off the heat with a little starch whisked in."
                ),
                (
                    "Plan a week of cheap {meal} dinners for a small kitchen.",
                    "Cook a big pot of rice or lentils at the start of the week and fry the rest later."
                ),
                (
                    "Why do recipes let {meat} stand before carving?",
                    "Let roasted {meat} stand under foil so that less juice runs out when you carve it."
                ),
                (
                    "How do I blanch {green} without losing the color?",
                    "Boil {green} briefly in salted water and chill them in ice water."
                ),
            ],
            new()
            {
                ["dish"] =
                [
                    "risotto",
                    "lentil soup",
                    "shakshuka",
                    "beef stew",
                    "pancakes",
                    "vegetable curry",
                    "focaccia",
                    "paella",
                    "apple pie",
                    "ramen",
                    "gnocchi",
                    "moussaka",
                ],
                ["food"] =
                [
                    "onions",
                    "mushrooms",
                    "chickpeas",
                    "spinach",
                    "tomatoes",
                    "potatoes",
                    "rice",
                    "chicken thighs",
                    "butter",
                    "zucchini",
                    "eggs",
                    "carrots",
                    "pumpkin",
                ],
                ["spice"] =
                [
                    "cumin",
                    "smoked paprika",
                    "nutmeg",
                    "black pepper",
                    "turmeric",
                    "cinnamon",
                    "coriander seed",
                ],
                ["herb"] = ["parsley", "basil", "thyme", "dill", "mint", "chives"],
                ["fault"] = ["soggy", "too dry", "burnt underneath", "bland", "lumpy", "greasy"],
                ["verb"] = ["simmer", "sauté", "roast", "braise", "fold", "whisk"],
                ["meal"] = ["weeknight", "vegetarian", "one-pot", "breakfast", "gluten-free"],
                ["minutes"] = ["five", "eight", "ten", "fifteen", "twenty", "forty"],
                ["people"] = ["two", "three", "four", "six", "eight"],
                ["grams"] = ["150", "250", "400", "600"],
                ["meat"] = ["lamb", "beef", "pork belly", "duck breast", "trout", "cod"],
                ["dough"] = ["pizza dough", "sourdough", "brioche", "naan"],
                ["pulse"] = ["lentils", "chickpeas", "kidney beans", "split peas"],
                ["sauce"] = ["hollandaise", "cheese sauce", "gravy", "custard"],
                ["green"] = ["broccoli", "asparagus", "peas", "green beans"],
            }
        ),
        new(
            "sql",
            [
                "Write a SQL query that lists {column} for every row of {table} where {condition}.",
                "How can I count {table} per {column} in {engine}?",
                "My join between {table} and {table2} returns too many rows. Why?",
                "What index would speed up a filter on {column} in {table}?",
                "Explain the difference between {clause} and {clause2} with an example on {table}.",
                "How do I find duplicate {column} values in {table}?",
            ],
            [
                "SELECT {column}, COUNT(*) FROM {table} WHERE {condition} GROUP BY {column};",
                "SELECT t.{column} FROM {table} AS t JOIN {table2} AS u ON u.id = t.{table2}_id WHERE {condition};",
                "Create an index on {table} ({column}) and look at the plan again with EXPLAIN.",
                "Use {clause} when the condition belongs to groups, and WHERE when it belongs to single rows.",
                "The rows multiply because {table2} has several rows per key; aggregate it before the join.",
                "In {engine} the optimizer picks a sequential scan when most of {table} matches.",
                "Wrap it in a transaction so that other sessions never see half of the change.",
                "Add ORDER BY {column} DESC LIMIT {number} to keep only the largest values.",
                "NULL in {column} never equals anything, so compare with IS NULL.",
            ],
            [
                (
                    "Return the {number} most recent {table} per customer.",
                    "Keep rows up to {number} of ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY created_at DESC)."
                ),
                (
                    "Find all {table} without a matching row in {table2}.",
                    "SELECT t.* FROM {table} AS t LEFT JOIN {table2} AS u ON u.{table}_id = t.id WHERE u.id IS NULL;"
                ),
                (
                    "Replace an Excel pivot of {table} by a query that adds up {measure} per quarter.",
                    "SELECT EXTRACT(QUARTER FROM created_at), SUM({measure}) FROM {table} GROUP BY 1;"
                ),
                (
                    "A dashboard query over {table} became slow as the table grew. How do I tune it?",
                    "Run EXPLAIN ANALYZE and look where the estimated number of rows differs most from the actual one."
                ),
                (
                    "Remove older duplicates from {table} and keep one row per {column}.",
                    "DELETE FROM {table} AS a USING {table} AS b WHERE a.{column} = b.{column} AND a.id < b.id;"
                ),
                (
                    "How do I add the column {column} to {table} in {engine} without downtime?",
                    "ALTER TABLE {table} ADD COLUMN {column} is quick without a default; update old rows in portions."
                ),
                (
                    "Why does {engine} choose a bad execution plan for {table}?",
                    "Out-of-date table statistics mislead the optimizer; collect them again after bulk loads."
                ),
                (
                    "Show the cumulative {measure} over time for {table}.",
                    "SUM({measure}) OVER (ORDER BY created_at) gives the cumulative total without a self-join."
                ),
                (
                    "Is DECIMAL or FLOAT the right column type for prices in {table}?",
                    "Exact decimal types avoid rounding errors when prices are added up; floats do not."
                ),
                (
                    "How do I turn rows of {table} into columns, one per {column}?",
                    "Use one CASE expression per value of {column} inside an aggregate to turn rows into columns."
                ),
            ],
            new()
            {
                ["table"] =
                [
                    "orders",
                    "customers",
                    "invoices",
                    "employees",
                    "payments",
                    "shipments",
                    "sessions",
                    "products",
                    "tickets",
                ],
                ["column"] =
                [
                    "email",
                    "country",
                    "created_at",
                    "total",
                    "status",
                    "department",
                    "sku",
                    "amount",
                    "priority",
                ],
                ["measure"] = ["total", "amount", "quantity", "price"],
                ["condition"] =
                [
                    "status = 'open'",
                    "total > 100",
                    "created_at >= '2024-01-01'",
                    "country = 'NO'",
                    "amount IS NULL",
                    "priority IN (1, 2)",
                ],
                ["engine"] = ["PostgreSQL", "SQLite", "MySQL", "SQL Server", "DuckDB"],
                ["clause"] =
                [
                    "HAVING",
                    "LEFT JOIN",
                    "UNION ALL",
                    "a window function",
                    "EXISTS",
                    "a common table expression",
                ],
                ["number"] = ["5", "10", "20", "100"],
            }
        ),
        new(
            "astronomy",
            [
                "Why does {body} look {look} from Earth?",
                "How far away is {body}, and how do astronomers measure it?",
                "What can I see of {body} with {tool} on a clear night?",
                "Explain {phenomenon} to a {age}-year-old.",
                "How is {phenomenon} related to {phenomenon2}?",
                "When is the best season to observe {body}?",
            ],
            [
                "Light from {body} takes {time} to reach us.",
                "With {tool} you can make out {detail} if the seeing is steady.",
                "The distance follows from {method}, which compares positions half a year apart or known brightness.",
                "{phenomenon} happens when gravity, motion and light are seen from our moving planet.",
                "It appears {look} because dust scatters the blue part of its light.",
                "Spectra taken by space telescopes show hydrogen, helium and traces of iron.",
                "Look towards the {direction} about two hours after sunset, away from street lamps.",
                "Its orbit is an ellipse, so both its distance and its speed change along the way.",
                "A star chart and ten minutes in the dark help more than a larger mirror.",
            ],
            [],
            new()
            {
                ["body"] =
                [
                    "Jupiter",
                    "Saturn",
                    "the Andromeda galaxy",
                    "Betelgeuse",
                    "the Orion nebula",
                    "Venus",
                    "Mars",
                    "the Pleiades",
                    "Sirius",
                    "the Moon",
                ],
                ["look"] =
                [
                    "red",
                    "so bright",
                    "blurred",
                    "larger in winter",
                    "like a crescent",
                    "fainter than expected",
                ],
                ["tool"] =
                [
                    "a small telescope",
                    "binoculars",
                    "the naked eye",
                    "a 20 cm reflector",
                    "a DSLR on a tracker",
                ],
                ["phenomenon"] =
                [
                    "a lunar eclipse",
                    "redshift",
                    "retrograde motion",
                    "a supernova",
                    "gravitational lensing",
                    "the tides",
                    "a meteor shower",
                ],
                ["time"] =
                [
                    "about 43 minutes",
                    "eight minutes",
                    "several hundred years",
                    "2.5 million years",
                    "just over a second",
                ],
                ["detail"] =
                [
                    "four moons",
                    "the rings",
                    "cloud bands",
                    "a faint spiral arm",
                    "craters along the shadow line",
                ],
                ["method"] = ["parallax", "radar ranging", "Cepheid variables", "standard candles"],
                ["direction"] = ["south", "south-east", "western horizon", "zenith"],
                ["age"] = ["six", "eight", "ten", "twelve"],
            }
        ),
        new(
            "travel",
            [
                "Plan {days} days in {city} for someone who loves {interest}.",
                "What is the cheapest way to get from {city} to {city2}?",
                "Is {month} a good time to visit {city}?",
                "Which neighborhood of {city} suits a family with small children?",
                "What should I pack for {city} in {month}?",
                "Do I need to book {interest} in {city} ahead of time?",
            ],
            [
                "Begin in the old town of {city} and keep the afternoon free for {interest}.",
                "The {transport} is slower than flying but costs half as much.",
                "In {month} expect {weather}, so carry a light jacket.",
                "Buy a day pass for trams and buses; single tickets add up quickly.",
                "Stay near the {place}, where most sights are within walking distance.",
                "Reserve two weeks ahead, because tickets sell out at weekends.",
                "Take the {transport} to {city2} on the last day and leave your bags at the station.",
                "Locals eat late, so have a snack around six.",
                "Keep a copy of your passport apart from the original.",
            ],
            [],
            new()
            {
                ["city"] =
                [
                    "Lisbon",
                    "Kyoto",
                    "Ljubljana",
                    "Mexico City",
                    "Tallinn",
                    "Marrakesh",
                    "Vancouver",
                    "Palermo",
                    "Hanoi",
                    "Edinburgh",
                ],
                ["interest"] =
                [
                    "museums",
                    "street food",
                    "hiking",
                    "modern architecture",
                    "live music",
                    "gardens",
                    "photography",
                ],
                ["month"] = ["January", "March", "May", "July", "September", "November"],
                ["transport"] = ["night train", "coach", "ferry", "regional train", "shared taxi"],
                ["weather"] =
                [
                    "mild days and cool nights",
                    "short heavy showers",
                    "dry heat",
                    "fog in the mornings",
                    "the first snow",
                ],
                ["place"] = ["central market", "river", "university quarter", "harbor", "cathedral square"],
                ["days"] = ["two", "three", "four", "five", "seven"],
            }
        ),
        new(
            "health",
            [
                "What can I do about {complaint} after {activity}?",
                "How much {habit} does an adult need each week?",
                "Is it safe to combine {activity} with {complaint}?",
                "How do I build a habit of {habit} when I work {shift}?",
                "What are early signs that {complaint} needs a doctor?",
                "Suggest a gentle routine for someone with {complaint}.",
            ],
            [
                "Rest the affected area for a day or two and return to {activity} slowly.",
                "Most adults do well with {amount} of {habit}, spread over the week.",
                "See a doctor if {complaint} lasts longer than {span} or comes with fever.",
                "Drink water regularly and avoid large meals before {activity}.",
                "Begin with {amount} and add a little every few days.",
                "Working {shift} shifts the body clock, so keep the hour of waking constant.",
                "Warm up for ten minutes and stretch the {muscle} afterwards.",
                "Write down when {complaint} appears; patterns show after a week or two.",
                "This is general information and no substitute for an examination.",
            ],
            [],
            new()
            {
                ["complaint"] =
                [
                    "back pain",
                    "headaches",
                    "poor sleep",
                    "a stiff neck",
                    "sore knees",
                    "low energy",
                    "heartburn",
                    "dry eyes",
                ],
                ["activity"] =
                [
                    "running",
                    "swimming",
                    "long desk work",
                    "lifting weights",
                    "cycling",
                    "gardening",
                    "a long flight",
                ],
                ["habit"] = ["walking", "strength training", "sleep", "stretching", "meditation", "outdoor time"],
                ["shift"] = ["nights", "from home", "rotating shifts", "twelve-hour days"],
                ["amount"] = ["twenty minutes", "half an hour", "two short sessions", "150 minutes", "one session"],
                ["span"] = ["a week", "ten days", "three weeks"],
                ["muscle"] = ["calves", "shoulders", "hips", "lower back", "hamstrings"],
            }
        ),
        new(
            "code",
            [
                "Write a {language} function that {task}.",
                "Why does my {language} program throw {error} when it {task2}?",
                "How do I test a {language} class that depends on {thing}?",
                "Refactor a long {language} method that reads {thing} and {task}.",
                "What is the difference between {concept} and {concept2} in {language}?",
                "Review this design: a {language} service keeps {thing} in memory and {task}.",
            ],
            [
                "Split reading {thing} from the part that {task}, so that each can be tested alone.",
                "The {error} appears because the value is used before it was set.",
                "Pass {thing} in through the constructor and hand a fake to the test.",
                "In {language}, {concept} is the clearer choice unless a profiler says otherwise.",
                "Return early for empty input and keep the main path unindented.",
                "The loop runs once per item, so time grows linearly with the size of {thing}.",
                "Add a unit test for the empty case, one item, and an item that occurs twice.",
                "Name the function after what it returns; a comment is then no longer needed.",
                "Prefer {concept} over {concept2} here, since ownership of {thing} is then obvious.",
            ],
            [],
            new()
            {
                ["language"] = ["Python", "C#", "Rust", "Go", "TypeScript", "Java", "Kotlin"],
                ["task"] =
                [
                    "parses dates",
                    "merges two sorted lists",
                    "retries failed requests",
                    "counts words",
                    "validates input",
                    "caches results",
                    "removes old files",
                ],
                ["error"] =
                [
                    "a null reference",
                    "a stack overflow",
                    "an index error",
                    "a timeout",
                    "a type error",
                    "a deadlock",
                ],
                ["thing"] =
                [
                    "a configuration file",
                    "an HTTP client",
                    "the system clock",
                    "a message queue",
                    "a CSV export",
                    "user sessions",
                ],
                ["concept"] =
                [
                    "composition",
                    "inheritance",
                    "an interface",
                    "a closure",
                    "an iterator",
                    "immutability",
                    "a generic type",
                    "pattern matching",
                ],
            }
        ),
    ];

static Row[] Targets() =>
    [
        new(
            "t00",
            "I only have leeks and some leftover cream in the fridge. What warm dinner could come of that?",
            "Soften sliced leeks slowly in oil, pour in the cream, let it thicken and toss it with cooked "
                + "pasta and grated cheese.",
            null
        ),
        new(
            "t01",
            "What is the trick to getting crisp skin on pan-fried salmon?",
            "Dry the fillet well, salt it, lay it skin down in hot oil, press it flat for a minute and leave "
                + "it alone until the edges turn opaque.",
            null
        ),
        new(
            "t02",
            "My bread dough refuses to rise in winter.",
            "Give it a warmer corner such as an oven with only the lamp on, and simply more time; cold yeast "
                + "works slowly, it is not dead.",
            null
        ),
        new(
            "t03",
            "Suggest something sweet I can bake without an egg.",
            "Banana bread works well: mashed ripe bananas bind flour, sugar, oil and baking powder, and an "
                + "hour in a moderate oven does the rest.",
            null
        ),
        new(
            "t04",
            "How should beans be soaked and boiled so that they stay whole?",
            "Soak them overnight in salted water, bring them up slowly, keep the pot just below a boil and "
                + "season acidic things at the end.",
            null
        ),
        new(
            "t05",
            "Which cut of meat is right for slow cooking?",
            "Choose shoulder or shin: the connective tissue melts over hours and makes the sauce silky, "
                + "while lean cuts turn stringy.",
            null
        ),
        new(
            "t06",
            "The sauce split as soon as I stirred in yogurt. Can it be saved?",
            "Take it off the flame, beat in a spoonful of flour mixed with water, and next time warm the "
                + "yogurt before it goes into the pot.",
            null
        ),
        new(
            "t07",
            "A weekly menu for a student with one hotplate, please.",
            "Monday fried rice, Tuesday tomato pasta, Wednesday omelette with greens, Thursday dal, Friday "
                + "noodle soup; cook grains twice as much as needed.",
            null
        ),
        new(
            "t08",
            "How do chefs keep green vegetables bright after boiling?",
            "They use plenty of salted boiling water, a short time, and a bowl of ice water to stop the cooking.",
            null
        ),
        new(
            "t09",
            "Explain what resting a steak does.",
            "The juices thicken as the meat cools a little, so that they stay inside when it is sliced "
                + "rather than running over the board.",
            null
        ),
        new(
            "t10",
            "Give me the three newest purchases of each client from a relational database.",
            "WITH ranked AS (SELECT p.*, ROW_NUMBER() OVER (PARTITION BY client_id ORDER BY bought_on DESC) "
                + "AS n FROM purchases AS p) SELECT * FROM ranked WHERE n <= 3;",
            null
        ),
        new(
            "t11",
            "Which clients have never bought anything?",
            "SELECT c.id, c.name FROM clients AS c WHERE NOT EXISTS (SELECT 1 FROM purchases AS p WHERE "
                + "p.client_id = c.id);",
            null
        ),
        new(
            "t12",
            "Turn this spreadsheet formula into a statement that sums revenue by month.",
            "SELECT date_trunc('month', sold_on) AS month, SUM(revenue) FROM sales GROUP BY 1 ORDER BY 1;",
            null
        ),
        new(
            "t13",
            "A report takes forty seconds since the archive grew. Where do I begin looking?",
            "Read the query plan first, find the step that touches most rows, and see whether a covering "
                + "index or a narrower date range avoids it.",
            null
        ),
        new(
            "t14",
            "How can I delete all but the latest copy of each record?",
            "DELETE FROM records WHERE id NOT IN (SELECT MAX(id) FROM records GROUP BY natural_key);",
            null
        ),
        new(
            "t15",
            "Rename a field in the schema without stopping the application.",
            "Add the new field, write to both, backfill in small batches, switch the readers, and drop the "
                + "old field in a later release.",
            null
        ),
        new(
            "t16",
            "What does it mean when the planner estimates one row but gets a million?",
            "The statistics are stale or the predicates are correlated; refresh them with ANALYZE and "
                + "consider extended statistics on both fields.",
            null
        ),
        new(
            "t17",
            "Compute a running balance for each bank account.",
            "SELECT account_id, booked_on, SUM(change) OVER (PARTITION BY account_id ORDER BY booked_on, id) "
                + "AS balance FROM bookings;",
            null
        ),
        new(
            "t18",
            "Should money be stored as a floating point type?",
            "No: use NUMERIC with a fixed scale, because binary fractions cannot represent most cents "
                + "exactly and sums drift.",
            null
        ),
        new(
            "t19",
            "Pivot survey answers so that every question becomes a field of its own.",
            "SELECT person_id, MAX(answer) FILTER (WHERE question = 1) AS q1, MAX(answer) FILTER (WHERE "
                + "question = 2) AS q2 FROM answers GROUP BY person_id;",
            null
        ),
    ];

internal sealed record Row(string Id, string Instruction, string Output, string? Source);

internal sealed record Topic(
    string Name,
    string[] Questions,
    string[] Answers,
    (string Question, string Answer)[] Exchanges,
    Dictionary<string, string[]> Words
);

/// <summary>SplitMix64: a few lines that give the same numbers on every machine and in every version of .NET.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public int Next(int sides)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)(mixed % (ulong)sides);
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public T[] Shuffle<T>(T[] items)
    {
        T[] shuffled = [.. items];
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
